#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The kernel's own objects as a Linux program: own start, no C library, no interpreter."""
import proofs
import tree

PROGRAM = proofs.BARE / "bare_linux"


def test_every_suite_passes():
    proofs.assert_all_pass(proofs.run(PROGRAM))


def test_a_false_claim_is_told():
    proofs.assert_lie_fails(proofs.run(PROGRAM, "bare.false-claim"))


def test_no_test_is_no_success():
    proofs.assert_nothing_fits(proofs.run(PROGRAM, "no-such-test"))


def test_output_that_cannot_be_written_is_no_success():
    with open("/dev/full", "w", encoding="ascii") as full:
        assert proofs.subprocess.run([PROGRAM], stdout=full, check=False).returncode == 1


def test_it_has_no_runtime():
    tree.need("llvm-readelf", "llvm-nm")
    headers = proofs.output_of("llvm-readelf", "--program-headers", PROGRAM)
    assert "LOAD" in headers and "INTERP" not in headers and "DYNAMIC" not in headers
    assert "EXEC (Executable file)" in proofs.output_of("llvm-readelf", "--file-header", PROGRAM)
    assert proofs.output_of("llvm-nm", "--undefined-only", PROGRAM) == ""


def test_its_memory_functions_are_those_of_the_kernel():
    """memory.asm, that is: the functions in C have no string instructions."""
    tree.need("llvm-objdump")
    code = proofs.output_of("llvm-objdump", "-d", "--no-show-raw-insn",
                            "--disassemble-symbols=memcpy,memset", PROGRAM)
    copying, filling = code.index("<memcpy>:"), code.index("<memset>:")
    assert copying < code.index("movsq") < filling < code.index("stosq")
