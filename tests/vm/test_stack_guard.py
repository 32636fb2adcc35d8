#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The canary of the stack protector: made before any C runs, by whatever way the kernel was entered,
and another one in each boot. That a smashed stack is found: test_provoke.py, stack-smash.
"""
import pytest

from vmlib import gdbstub, images, paths, symbols
from vmlib.qemu import PASSED, Qemu

KERNEL = symbols.table(paths.BUILD / "kernel.sym")
GUARD = KERNEL["__stack_chk_guard"]
CANARY_BYTES = 8
BOOTS = 3


def canary_at(place, **machine):
    """The canary when the kernel first comes to a place, and at the prompt's door if it gets there."""
    path = images.fresh(".gdb")
    with Qemu(extra=[*gdbstub.options(path), *machine.pop("extra", [])], memory=64, cpu="max",
              **machine) as vm:
        gdb = gdbstub.Gdb(path)
        assert gdb.run_to(KERNEL[place])
        found = gdb.memory(GUARD, CANARY_BYTES)
        gdb.let_go()
        assert vm.wait_exit() == PASSED, vm.tail()
    return found


def assert_is_canary(canary):
    assert canary[0] == 0, "text that runs over must stop at it"
    assert len(set(canary)) >= CANARY_BYTES / 2, canary.hex()


def boot(place):
    return canary_at(place, image=images.changed(config=images.config("exit")))


def foreign(place):
    return canary_at(place, extra=["-kernel", str(paths.BUILD / "kernel.elf"), "-append", "exit"])


@pytest.mark.parametrize("way, place", [(boot, "kernel_main"), (foreign, "foreign_main"),
                                        (foreign, "kernel_main")])
def test_before_any_c(way, place):
    assert_is_canary(way(place))


def test_each_boot_has_its_own():
    canaries = [boot("report_version") for _ in range(BOOTS)]
    for canary in canaries:
        assert_is_canary(canary)
    assert len(set(canaries)) == BOOTS, [canary.hex() for canary in canaries]


def test_the_seed_is_stirred_in():
    """What the time stamp made is not what functions have from then on."""
    path = images.fresh(".gdb")
    with Qemu(images.changed(config=images.config("exit")), memory=64, cpu="max",
              extra=gdbstub.options(path)) as vm:
        gdb = gdbstub.Gdb(path)
        assert gdb.run_to(KERNEL["kernel_main"])
        first = gdb.memory(GUARD, CANARY_BYTES)
        assert gdb.run_to(KERNEL["report_version"])
        assert gdb.memory(GUARD, CANARY_BYTES) != first
        gdb.let_go()
        assert vm.wait_exit() == PASSED, vm.tail()
