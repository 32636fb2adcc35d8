#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The kernel's console as a user meets it: keys and serial bytes in, commands, the ways out."""

import pytest

from vmlib import boots, images
from vmlib.qemu import FAILED, Qemu

COLUMNS = 80
KEYS = {" ": "spc", "\b": "backspace"}
PROMPT = r"(?m)^> "


def type_line(vm, text):
    """Each key waits for its echo: a keyboard's own buffer is short."""
    start = len(vm.serial)
    for count, letter in enumerate(text, 1):
        vm.send_key(KEYS.get(letter, letter))
        boots.until(lambda: len(vm.serial) >= start + count, f"the echo of {letter!r}")
    vm.send_key("ret")


def test_commands_by_keyboard():
    with Qemu(images.changed(config=images.config(""))) as vm:
        vm.wait_for(PROMPT)
        type_line(vm, "help")
        vm.wait_for(r"(?m)^  provoke +\[NAME\]")
        type_line(vm, "symbol nosuchname")
        vm.wait_for("neither a symbol nor an address: nosuchname")
        type_line(vm, "selftest audit")
        vm.wait_for(r"(?m)^# \d+ tests, 0 failed")
        type_line(vm, "nonsense")
        vm.wait_for("no such command: nonsense")


def test_backspace_takes_back():
    with Qemu(images.changed(config=images.config(""))) as vm:
        vm.wait_for(PROMPT)
        type_line(vm, "e82xx\b\b0")
        boots.until(lambda: vm.serial.count("Memory as reported") == 2, "the table again")


def test_commands_by_serial_port():
    with Qemu(images.changed(config=images.config(""))) as vm:
        vm.wait_for(PROMPT)
        vm.type("symbol kernel_main\r")
        vm.wait_for(r"0xf{8}[0-9a-f]{8} kernel_main")


@pytest.mark.parametrize("machine", ["pc", "q35"])
def test_exit_without_exit_device_is_acpi_power_off(machine):
    with Qemu(images.changed(config=images.config("exit")), machine=machine,
              exit_device=False) as vm:
        assert vm.wait_exit() == 0, vm.tail()


def test_nmi_without_a_cause_goes_on():
    with Qemu(images.changed(config=images.config(""))) as vm:
        vm.wait_for(PROMPT)
        vm.qmp.call("inject-nmi")
        vm.wait_for("non-maskable interrupt NMI at .* no hardware error is reported")
        type_line(vm, "nonsense")
        vm.wait_for("no such command: nonsense")


def test_machine_check_from_outside_is_a_panic():
    """QEMU's monitor injects an uncorrected error in bank 1: #MC on its own stack, in words."""
    config = images.config("panic=exit")
    with Qemu(images.changed(config=config), cpu="max") as vm:
        vm.wait_for(PROMPT)
        vm.qmp.call("human-monitor-command",
                    **{"command-line": "mce 0 1 0xbd00000000000000 0x4 0x1234 0x8c"})
        assert vm.wait_exit() == FAILED, vm.tail()
    assert "panic: machine check (#MC)" in vm.serial, vm.tail()


def test_lines_fit_the_screen():
    vm = boots.ready(images.changed(config=images.config("exit")))
    long = [line for line in vm.serial.splitlines() if len(line) > COLUMNS]
    assert long == []


def test_unknown_words_are_noted_and_harmless():
    vm = boots.ready(images.changed(config=images.config("quiet root=/dev/sda exit")))
    for word in ("quiet", "root=/dev/sda"):
        assert f'does not know the word "{word}"' in vm.serial
