#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The same suites on a Cortex-M4, from its reset vector on: a 32-bit machine without a system."""
import proofs
import tree

PROGRAM = proofs.BARE / "bare_cortex_m.elf"
EMULATOR = "qemu-system-arm"


def machine(*arguments, program=PROGRAM):
    """Run a program to its end; its output and its status come by semihosting."""
    tree.need(EMULATOR)
    words = "".join(f",arg={word}" for word in ("program", *arguments))
    return proofs.run(
        EMULATOR, "-M", "mps2-an386", "-cpu", "cortex-m4", "-display", "none", "-serial", "none",
        "-monitor", "none", "-chardev", "stdio,id=console", "-semihosting-config",
        f"enable=on,target=native,chardev=console{words}", "-kernel", program)


def test_every_suite_passes():
    proofs.assert_all_pass(machine())


def test_a_false_claim_is_told():
    proofs.assert_lie_fails(machine("bare.false-claim"))


def test_no_test_is_no_success():
    proofs.assert_nothing_fits(machine("no-such-test"))


def test_an_exception_is_no_success(tmp_path):
    """Code that cannot be run where the tests begin: the machine does not hang, it says so."""
    tree.need("llvm-objcopy", "llvm-readelf", "llvm-nm")
    symbols = proofs.output_of("llvm-nm", PROGRAM).split("\n")
    address = next(int(line.split()[0], 16) for line in symbols if line.endswith(" T bare_main"))
    sections = proofs.output_of("llvm-readelf", "--sections", "--wide", PROGRAM)
    text = next(line.split("]")[1].split() for line in sections.splitlines() if "] .text " in line)
    offset = address - int(text[2], 16) + int(text[3], 16)
    broken = tmp_path / "broken.elf"
    data = bytearray(PROGRAM.read_bytes())
    data[offset:offset + 2] = b"\0\xde"  # udf #0
    broken.write_bytes(data)
    result = machine(program=broken)
    assert result.stdout == "# an exception that nobody expected\n" and result.returncode == 1


def test_it_needs_nothing():
    tree.need("llvm-nm", "llvm-readelf")
    assert proofs.output_of("llvm-nm", "--undefined-only", PROGRAM) == ""
    attributes = proofs.output_of("llvm-readelf", "--arch-specific", PROGRAM)
    assert "Microcontroller" in attributes and "ARM v7E-M" in attributes
