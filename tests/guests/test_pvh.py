#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The kernel by QEMU's own -kernel (PVH): machines, CPUs, memory sizes, an initrd as its module."""
import random
import re

import pytest

import guest
from vmlib import boots

NOISE = random.Random(21).randbytes(8192)


@pytest.mark.parametrize("machine, memory, cpu", [
    ("pc", 8, "qemu64"), ("pc", 32, "qemu64,-nx"), ("pc", 4096, "qemu64"), ("q35", 3072, "max"),
    ("q35", 256, "max,la57=on"), ("pc", 8192, "EPYC"), ("pc", 65536, "qemu64")])
def test_selftest(machine, memory, cpu):
    said = guest.selftest(guest.by_pvh("selftest exit", machine=machine, memory=memory, cpu=cpu))
    assert "  loaded by a PVH loader\n" in said
    mapped = re.search(r"(\d+) KiB are usable", said)
    assert int(mapped.group(1)) > memory * 1024 - 2048


def test_microvm():
    """No VGA, no PCI, ACPI without soft-off."""
    said = guest.selftest(guest.by_pvh("selftest exit", machine="microvm", vga="none", memory=64))
    assert "  loaded by a PVH loader\n" in said


@pytest.mark.parametrize("size", [1, 5000, 8192])
def test_initrd_is_a_module(size):
    with guest.by_pvh(initrd=NOISE[:size]) as vm:
        guest.assert_modules(vm, [("module0", NOISE[:size])])


def test_text_screen():
    with guest.by_pvh() as vm:
        vm.wait_for(boots.READY)
        boots.until(lambda: "coldstart: kernel ready" in vm.screen_text(), "the screen")


def test_no_long_mode():
    """Said by 32-bit code, on the screen too."""
    with guest.by_pvh(cpu="qemu32") as vm:
        line = vm.wait_for(guest.CANNOT).group(0).rstrip("\n")
        assert line.endswith("this CPU has no 64-bit (long) mode")
        boots.until(lambda: line in vm.screen_text(), "the line on the screen")
        boots.until(lambda: vm.e9 == vm.serial, "port E9h says what serial says")
