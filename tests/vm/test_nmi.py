#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A non-maskable interrupt before every single instruction of the mode switch, down to real mode and
up again, and of the hand-off until the kernel has a vector table of its own (Q66).

The instructions are those that a boot really executes: it is stepped through once and written down,
then run again with an NMI at each.
"""
import functools

import pytest

from vmlib import gdbstub, images, paths, symbols
from vmlib.qemu import PASSED, Qemu

STAGE2 = symbols.table(paths.BUILD / "stage2.sym")
KERNEL = symbols.table(paths.BUILD / "kernel.sym")
CONSTANTS = symbols.constants()
HANDOFF = CONSTANTS["BOOT_HANDOFF_BASE"]
HANDOFF_NMI = HANDOFF + STAGE2["handoff_nmi"] - STAGE2["handoff_code"]
NMIS = CONSTANTS["LOW_EXCHANGE"] + CONSTANTS["exchange.nmis"]
STI = b"\xFB"
LIDT = b"\x0F\x01", 3  # its first bytes, and the reg field of the byte behind them
STEPS_MOST = 20000
TRIPS = 3
ON_THE_BIOS_S_TABLE = 4  # STI, and the first three instructions of `up`


@functools.lru_cache(maxsize=None)
def image():
    return images.changed(config=images.config("exit"))


def machine():
    path = images.fresh(".gdb")
    return Qemu(image(), memory=64, extra=gdbstub.options(path)), path


def is_lidt(code):
    return code[:2] == LIDT[0] and code[2] >> 3 & 7 == LIDT[1]


def walk(gdb, start, is_last):
    """Each instruction from `start` to the last, once, in the order of its first execution."""
    assert gdb.run_to(start)
    seen = {gdb.rip(): None}
    for _ in range(STEPS_MOST):
        if is_last():
            return list(seen)
        seen[gdb.step()] = None
    raise AssertionError("the walk does not end")


@functools.lru_cache(maxsize=None)
def ways():
    """(down to real mode, up to long mode, hand-off): the instructions of each."""
    vm, path = machine()
    with vm:
        gdb = gdbstub.Gdb(path)
        down = walk(gdb, STAGE2["mode_trip"], lambda: gdb.memory(gdb.rip(), 1) == STI)
        up = walk(gdb, STAGE2["up"],
                  lambda: gdb.rip() in range(STAGE2["mode_trip"], STAGE2["down"]))
        handoff = walk(gdb, HANDOFF, lambda: gdb.rip() >= KERNEL["kernel_base"]
                       and is_lidt(gdb.memory(gdb.rip(), 3)))
    return down, up, handoff


def assert_ends_well(vm, gdb):
    gdb.let_go()
    assert vm.wait_exit() == PASSED, vm.tail()


def strike(vm, gdb, place):
    assert gdb.run_to(place), f"the machine ended before it came to {place:x}h"
    vm.qmp.call("inject-nmi")


@pytest.mark.parametrize("trip", range(TRIPS))
def test_mode_switch(trip):
    down, up, _ = ways()
    vm, path = machine()
    with vm:
        gdb = gdbstub.Gdb(path)
        for _ in range(trip):
            assert gdb.run_to(STAGE2["mode_trip"])
        for place in down + up:
            strike(vm, gdb, place)
        assert gdb.run_to(STAGE2["mode_trip"])
        counted = gdb.memory(NMIS, 1)[0]
        assert_ends_well(vm, gdb)
    print(f"trip {trip}: {len(down)} instructions down, {len(up)} up, {counted} NMIs counted")
    assert counted == len(down) + len(up) - ON_THE_BIOS_S_TABLE


def test_hand_off():
    """From the page's own LIDT on, each NMI is seen to arrive at the page's handler."""
    _, _, handoff = ways()
    arrived, has_table = 0, False
    vm, path = machine()
    with vm:
        gdb = gdbstub.Gdb(path)
        for place in handoff:
            strike(vm, gdb, place)
            if has_table:
                assert gdb.run_to(HANDOFF_NMI), f"the NMI at {place:x}h went astray"
                arrived += 1
            has_table = has_table or is_lidt(gdb.memory(place, 3))
        assert_ends_well(vm, gdb)
    print(f"{len(handoff)} instructions from the hand-off to the kernel's LIDT, {arrived} NMIs "
          "at the page's handler")
    assert arrived > len(handoff) / 2
