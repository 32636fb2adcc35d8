#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`provoke=NAME`: every disaster the kernel knows is reported in words, and the machine leaves."""
import re

import pytest

from vmlib import bochs, images, paths
from vmlib.qemu import FAILED, PASSED, Qemu

LIST = re.compile(r'(?m)^DISASTER\(\w+, "([a-z-]+)",\s+"([^"]+)"\)')
DISASTERS = [disaster for file in sorted((paths.SOURCE / "kernel/selftest").glob("provoke_*.c"))
             for disaster in LIST.findall(file.read_text())]
GOES_ON = {name for name, text in DISASTERS if "goes on" in text}
PROMISES = {"panic": "provoked", "nested-panic": "panic inside a panic", "wx": "writable",
            "boot-info": "boot_info", "frame-freed-twice": "is free already",
            "frame-wrong-order": "starts a block of another length",
            "frame-foreign": "was never the allocator's",
            "frame-written": "was written to: byte 0x123 of it is 0x55",
            "heap-overflow": "written behind its end: its byte 64",
            "heap-underflow": "written in front of its start: its byte -1",
            "heap-double-free": "was freed twice; allocated by provoke_heap_double_free",
            "heap-use-after-free": "written after it was freed: its byte 32",
            "heap-free-middle": "by an address inside it, at its byte 32",
            "heap-free-foreign": "is none of the heap's"}
# Vector mnemonic as the disaster's own text names it.
MNEMONIC = re.compile(r"#[A-Z]{2}")


def run(cmdline, **options):
    with Qemu(images.changed(config=images.config(cmdline)), **options) as vm:
        status = vm.wait_exit()
    return status, vm


def test_there_are_disasters():
    assert len(DISASTERS) >= 20


@pytest.mark.parametrize("name", [name for name, _ in DISASTERS if name not in GOES_ON])
def test_disaster_is_reported(name):
    status, vm = run(f"provoke={name} panic=exit exit memory=checked", cpu="max")
    text = dict(DISASTERS)[name]
    report = vm.serial[vm.serial.index("coldstart: panic"):]
    assert status == FAILED, vm.tail()
    expected = MNEMONIC.search(text)
    assert (expected.group(0) if expected else PROMISES[name]) in report, report
    print(report.splitlines()[0])


@pytest.mark.parametrize("name", sorted(GOES_ON))
def test_what_is_no_disaster_goes_on(name):
    status, vm = run(f"provoke={name} panic=exit exit", cpu="max")
    assert status == PASSED and "coldstart: kernel ready\n" in vm.serial, vm.tail()


def test_report_has_registers_and_a_symbolised_backtrace():
    _, vm = run("provoke=page-fault panic=exit")
    report = vm.serial[vm.serial.index("coldstart: panic"):]
    for word in ("rsp 0x", "cr2 0x", "rflags 0x", "provoke_page_fault", "kernel_run"):
        assert word in report, f"no {word} in:\n{report}"


def test_unknown_disaster_is_said():
    status, vm = run("provoke=no-such-thing exit")
    assert "no-such-thing" in vm.serial, vm.tail()
    assert status is not None


def test_panic_reboot_resets_the_machine():
    """-no-reboot turns the reset into the end of QEMU, with status 0."""
    status, vm = run("provoke=panic panic=reboot")
    assert status == 0 and "coldstart: panic" in vm.serial


def test_disaster_in_bochs():
    _, vm = bochs.finished(images.changed(config=images.config("provoke=null panic=exit")))
    assert "coldstart: panic" in vm.serial and "#PF" in vm.serial, vm.tail()
