#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The suites linked as a Windows console program: what its headers say it is and needs, and
its code run in an emulated CPU. No Windows is here to load it.
"""
import re

import proofs
import tree

PROGRAM = proofs.BARE / "bare_windows.exe"


def headers(*options):
    tree.need("llvm-readobj")
    return proofs.output_of("llvm-readobj", *options, PROGRAM)


def test_it_is_a_console_program():
    said = headers("--file-headers")
    assert "Machine: IMAGE_FILE_MACHINE_AMD64" in said
    assert "Subsystem: IMAGE_SUBSYSTEM_WINDOWS_CUI" in said
    assert "IMAGE_DLL_CHARACTERISTICS_NX_COMPAT" in said


def test_it_takes_three_functions_of_the_system_and_no_library():
    said = headers("--coff-imports")
    assert re.findall(r"Name: (\S+)", said) == ["kernel32.dll"]
    assert set(re.findall(r"Symbol: (\S+)", said)) == {"ExitProcess", "GetStdHandle", "WriteFile"}


def test_its_entry_is_our_start():
    """The entry calls bare_main; the linker's map names both."""
    entry = re.search(r"AddressOfEntryPoint: 0x(\w+)", headers("--file-headers")).group(1)
    text = (proofs.BARE / "bare_windows.map").read_text()
    starts = re.findall(r"(?m)^ \S+ +_start +(\w+) ", text)
    base = int(re.search(r"ImageBase: 0x(\w+)", headers("--file-headers")).group(1), 16)
    assert [int(start, 16) - base for start in starts] == [int(entry, 16)]


def test_every_suite_is_in_it():
    data = PROGRAM.read_bytes()
    assert [name for name in proofs.tests_in_source() if name.encode() + b"\0" not in data] == []


def test_its_stack_is_there_from_the_start():
    """Nothing probes the stack page by page, so all of it is committed."""
    said = headers("--file-headers")
    reserved = int(re.search(r"SizeOfStackReserve: (\d+)", said).group(1))
    assert int(re.search(r"SizeOfStackCommit: (\d+)", said).group(1)) == reserved >= 1 << 20


def test_every_suite_passes():
    proofs.assert_all_pass(proofs.outside(PROGRAM))


def test_a_failure_is_told(tmp_path):
    proofs.assert_failure_is_told(PROGRAM, tmp_path)
