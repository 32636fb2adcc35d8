#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`provoke=NAME`: every disaster the kernel knows, in a boot of its own. What must not go on ends in
a report whose words stand in reports.txt, and the machine leaves with the status of failure; what may
go on says one line, which stands there too.
"""
import re

import pytest

from vmlib import bochs, images, paths
from vmlib.qemu import FAILED, PASSED, Qemu
from vmlib.report import REGISTERS, Report, expected, words

LIST = re.compile(r'(?m)^DISASTER\((\w+), "([a-z0-9-]+)",\s+"([^"]+)"\)')
FOUND = [found for file in sorted((paths.SOURCE / "kernel/selftest").glob("provoke_*.c"))
         for found in LIST.findall(file.read_text())]
DISASTERS = {name: text for _, name, text in FOUND}
FUNCTIONS = {name: "provoke_" + identifier for identifier, name, _ in FOUND}
GOES_ON = {name for name, text in DISASTERS.items() if "goes on" in text}
EXPECTED = expected(paths.SOURCE / "tests/vm/reports.txt")
# Four levels of tables, and all of the protections.
CPU = "max,la57=off"
# The stack of these is not the one that the disaster's function was called on, or is spoiled.
NO_WAY_OUT = {"ist-overflow", "double-fault", "stack-overflow", "stack-smash"}
# The same in the other emulator: one of each kind; the CPU that it plays here has no SMAP.
IN_BOCHS = ["divide", "null-field", "write-text", "execute-data", "general-protection", "smep",
            "stack-overflow", "ist-overflow", "invalid-tss", "x87", "simd", "machine-check",
            "stack-smash", "panic"]


def provoke(name):
    return images.changed(config=images.config(f"provoke={name} memory=checked panic=exit exit"))


def run(cmdline, **options):
    with Qemu(images.changed(config=images.config(cmdline)), **options) as vm:
        status = vm.wait_exit()
    return status, vm


def test_every_disaster_has_its_words():
    assert len(DISASTERS) >= 45
    assert set(EXPECTED) == set(DISASTERS)


def assert_complete(report, name):
    """All registers, and the way from where it happened out to the kernel's entry."""
    if "panic inside" in report.text:
        return
    assert report.registers == REGISTERS
    if name not in NO_WAY_OUT:
        assert FUNCTIONS[name] in report.functions, report.functions
        assert report.functions[-2:] == ["kernel_run", "stack_enter"], report.functions


@pytest.mark.parametrize("name", sorted(set(DISASTERS) - GOES_ON))
def test_disaster_is_reported(name):
    with Qemu(provoke(name), cpu=CPU) as vm:
        status = vm.wait_exit()
    report = Report(vm.serial)
    assert report.words == EXPECTED[name]
    assert status == FAILED, vm.tail()
    assert vm.serial.endswith("coldstart: after a panic: exit\n")
    assert_complete(report, name)


@pytest.mark.parametrize("name", sorted(GOES_ON))
def test_what_is_no_disaster_goes_on(name):
    with Qemu(provoke(name), cpu=CPU) as vm:
        status = vm.wait_exit()
    assert status == PASSED, vm.tail()
    assert words(vm.serial.partition("coldstart: kernel ready\n")[2]) == EXPECTED[name]


@pytest.mark.parametrize("name", IN_BOCHS)
def test_disaster_in_bochs(name):
    _, vm = bochs.finished(provoke(name))
    assert "coldstart: panic: " in vm.serial, vm.tail()
    report = Report(vm.serial)
    wanted = EXPECTED[name]
    assert report.head == wanted[:wanted.find("Page tables at ")] if report.walk else wanted
    assert_complete(report, name)


def test_unknown_disaster_is_said():
    status, vm = run("provoke=no-such-thing exit")
    assert "no-such-thing" in vm.serial, vm.tail()
    assert status is not None


def test_panic_reboot_resets_the_machine():
    """-no-reboot turns the reset into the end of QEMU, with status 0."""
    status, vm = run("provoke=panic panic=reboot")
    assert status == 0 and "coldstart: panic" in vm.serial
