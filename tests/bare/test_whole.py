#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""In each world without a C library the (h) code of the kernel, with the memory functions, is
whole: linked without leaving anything out, it has no undefined symbol.
"""
import re

import pytest

import proofs

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


def symbols(*names):
    """(defined, undefined) global symbols of object files."""
    defined, undefined = set(), set()
    for line in proofs.output_of("llvm-nm", "--extern-only", "--no-sort", *names).splitlines():
        words = line.split()
        if len(words) >= 2 and words[-2] in ("U", "w"):
            undefined.add(words[-1])
        elif len(words) == 3:
            defined.add(words[-1])
    return defined, undefined


@pytest.mark.parametrize("world", WORLDS)
def test_nothing_is_undefined(world):
    proofs.need("llvm-nm")
    defined, undefined = symbols(*whole(world))
    assert {name for name in undefined - defined
            if not re.fullmatch(OWN_NEEDS.get(world, "-"), name)} == set()
    assert {name.lstrip("_") for name in defined} >= {"format_list", "claims_run", "memcpy"}


@pytest.mark.parametrize("world", ELF)
def test_as_one_object_nothing_is_undefined(world, tmp_path):
    """With what ARM's compiler needs, this time."""
    proofs.need("llvm-nm", "ld.lld")
    more = []
    if world == "thumb":
        more = sorted((proofs.BARE / "CMakeFiles").glob("*/arm_*.c.o"))
        more = [name for name in more if "host" not in str(name)]
        assert len(more) == 2
    proofs.output_of("ld.lld", "-m", ELF[world], "-r", "-o", tmp_path / "whole.o", *whole(world),
                     *more)
    _, undefined = symbols(tmp_path / "whole.o")
    needed = OWN_NEEDS["kernel"] if world == "kernel" else "-"
    assert [name for name in undefined if not re.fullmatch(needed, name)] == []


def test_what_needs_libc_is_found(tmp_path):
    proofs.need("clang", "llvm-nm")
    source, output = tmp_path / "a.c", tmp_path / "a.o"
    source.write_text('int puts(const char *); int f(void); int f(void) { return puts("x"); }\n')
    proofs.output_of("clang", "-c", source, "-o", output)
    assert symbols(output) == ({"f"}, {"puts"})
