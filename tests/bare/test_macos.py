#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The suites linked as a Mach-O program: what its headers say it is and needs, and its code
run in an emulated CPU. No macOS is here to load it.
"""
import re

import proofs
import tree

PROGRAM = proofs.BARE / "bare_macos"


def headers():
    tree.need("llvm-objdump")
    return proofs.output_of("llvm-objdump", "--macho", "--private-headers", PROGRAM)


def test_it_is_a_program_without_open_ends():
    said = headers()
    assert re.search(r"MH_MAGIC_64\s+X86_64\s+ALL\s+LIB64\s+EXECUTE .*\bNOUNDEFS\b", said)
    assert "LC_LOAD_DYLIB" not in said
    assert proofs.output_of("llvm-nm", "--undefined-only", PROGRAM) == ""


def test_its_entry_is_our_start():
    entry = int(re.search(r"cmd LC_MAIN\n.*\n\s+entryoff (\d+)", headers()).group(1))
    symbols = proofs.output_of("llvm-nm", PROGRAM)
    start = int(re.search(r"(?m)^(\w+) T _start$", symbols).group(1), 16)
    base = int(re.search(r"segname __TEXT\n\s+vmaddr 0x(\w+)", headers()).group(1), 16)
    assert start - base == entry


def test_nothing_is_both_writable_and_executable():
    rights = re.findall(r"(?:max|init)prot (\S+)", headers())
    assert rights and not [right for right in rights if "w" in right and "x" in right]


def test_every_suite_is_in_it():
    data = PROGRAM.read_bytes()
    assert [name for name in proofs.tests_in_source() if name.encode() + b"\0" not in data] == []


def test_every_suite_passes():
    proofs.assert_all_pass(proofs.outside(PROGRAM))


def test_a_failure_is_told(tmp_path):
    proofs.assert_failure_is_told(PROGRAM, tmp_path)
