#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""In each world without a C library the (h) code of the kernel, with the memory functions, is
whole: linked without leaving anything out, it has no undefined symbol.
"""
import re

import pytest

import proofs
import tree

# What a compiler calls by itself beside the four memory functions; the harness has it, and in the
# kernel it is the stack protector.
OWN_NEEDS = {"kernel": r"__stack_chk_(?:guard|fail)", "thumb": r"__aeabi_\w+", "macos": "___bzero"}
ELF = {"loader": "elf_x86_64", "kernel": "elf_x86_64", "thumb": "armelf"}
WORLDS = [*ELF, "windows", "macos"]
FOLDERS = ("kernel/core", "kernel/alloc", "kernel/foreign", "kernel/proof")


def whole(world):
    """The objects of a world's (h) libraries, the memory functions in C with them."""
    rows = [line.split("|") for line in
            (proofs.BUILD / "house/objects.txt").read_text().splitlines()]
    return [name for other, _, folder, names in rows if other == world and folder in FOLDERS
            for name in names.split(";")]


@pytest.mark.parametrize("world", WORLDS)
def test_nothing_is_undefined(world):
    tree.need("llvm-nm")
    defined, undefined = tree.symbols(*whole(world))
    assert {name for name in undefined - defined
            if not re.fullmatch(OWN_NEEDS.get(world, "-"), name)} == set()
    assert {name.lstrip("_") for name in defined} >= {"format_list", "claims_run", "memcpy"}


@pytest.mark.parametrize("world", ELF)
def test_as_one_object_nothing_is_undefined(world, tmp_path):
    """With what ARM's compiler needs, this time."""
    tree.need("llvm-nm", "ld.lld")
    more = []
    if world == "thumb":
        more = sorted((proofs.BARE / "CMakeFiles").glob("*/arm_*.c.o"))
        more = [name for name in more if "host" not in str(name)]
        assert len(more) == 2
    proofs.output_of("ld.lld", "-m", ELF[world], "-r", "-o", tmp_path / "whole.o", *whole(world),
                     *more)
    _, undefined = tree.symbols(tmp_path / "whole.o")
    needed = OWN_NEEDS["kernel"] if world == "kernel" else "-"
    assert [name for name in undefined if not re.fullmatch(needed, name)] == []


def test_what_needs_libc_is_found(tmp_path):
    tree.need("clang", "llvm-nm")
    source, output = tmp_path / "a.c", tmp_path / "a.o"
    source.write_text('int puts(const char *); int f(void); int f(void) { return puts("x"); }\n')
    proofs.output_of("clang", "-c", source, "-o", output)
    assert tree.symbols(output) == ({"f"}, {"puts"})
