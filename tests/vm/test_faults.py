#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Interrupts that no instruction asks for, from outside: an NMI is passed over, and a machine check
is the end. Each arrives on a stack of its own.
"""
import re

import pytest

from vmlib import gdbstub, images, paths, symbols
from vmlib.boots import READY
from vmlib.qemu import FAILED, Qemu
from vmlib.report import Report

KERNEL = symbols.table(paths.BUILD / "kernel.sym")
REGISTER_RSP = 7
NMI_LINE = r"coldstart: non-maskable interrupt NMI at \S+: no hardware error is reported, going on"
# An error in bank 1 that the processor could not put right: valid, uncorrected, enabled.
MCE = "mce 0 1 0xb000000000000000 0x5 0 0"


@pytest.fixture(name="image", scope="module")
def waiting_image():
    return images.changed(config=images.config("panic=exit"))


def stack_of(gdb):
    """Which of the linked stacks the stack pointer is in."""
    rsp = int.from_bytes(bytes.fromhex(gdb.ask(f"p{REGISTER_RSP:x}")), "little")
    for name in ("double_fault", "nmi", "machine_check"):
        if KERNEL[f"stack_{name}_first"] < rsp <= KERNEL[f"stack_{name}_end"]:
            return name
    return None


def test_nmi_at_the_prompt_goes_on(image):
    with Qemu(image, cpu="max") as vm:
        vm.wait_for(READY)
        for _ in range(3):
            seen = len(re.findall(NMI_LINE, vm.serial))
            vm.qmp.call("inject-nmi")
            vm.wait_for(rf"(?s)(?:{NMI_LINE}.*?){{{seen + 1}}}")
        vm.type("help\r")
        vm.wait_for(r"(?m)^  provoke +\[NAME\]")


def test_machine_check_is_the_end(image):
    with Qemu(image, cpu="max") as vm:
        vm.wait_for(READY)
        vm.qmp.call("human-monitor-command", **{"command-line": MCE})
        assert vm.wait_exit() == FAILED, vm.tail()
    report = Report(vm.serial)
    assert report.head.startswith("coldstart: panic: machine check (#MC)\n"), report.head


@pytest.mark.parametrize("command, arguments, stack", [
    ("inject-nmi", {}, "nmi"),
    ("human-monitor-command", {"command-line": MCE}, "machine_check"),
])
def test_arrives_on_its_own_stack(image, command, arguments, stack):
    path = images.fresh(".gdb")
    with Qemu(image, cpu="max", extra=gdbstub.options(path)) as vm:
        gdb = gdbstub.Gdb(path)
        assert gdb.run_to(KERNEL["shell_run"])
        vm.qmp.call(command, **arguments)
        assert gdb.run_to(KERNEL["exception_common"])
        assert stack_of(gdb) == stack
