#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each sample kernel, built from what is installed: what it tells of its boot, and its prompt."""
import re

import pytest

import kit
from vmlib import images
from vmlib.bochs import Bochs
from vmlib.qemu import Qemu


def check_told(name, serial):
    told = serial[serial.index(kit.GREETING[name]):]
    found = re.match(rf"{kit.GREETING[name]}\nprotocol: 1\n"
                     r"memory: (\d+) KiB free, in a map of (\d+) ranges\ncommand line: hello=world\n"
                     r"module: motd, 26 bytes\nscreen: text, 80 x 25\n> ", told)
    assert found, told
    assert 250 * 1024 < int(found.group(1)) < 256 * 1024 and int(found.group(2)) > 3


@pytest.mark.parametrize("machine", [Qemu, Bochs])
def test_booted_to_a_prompt(sample, machine):
    name, image = sample
    if machine not in kit.machines():
        pytest.skip("no Bochs here")
    with machine(image) as vm:
        check_told(name, kit.talk(vm))
        if machine is Qemu:
            assert vm.e9 == vm.serial, "serial and port E9h differ"


def test_on_the_screen(sample):
    name, image = sample
    with Qemu(image) as vm:
        vm.wait_for(kit.PROMPT)
        screen = vm.screen_text()
    assert kit.GREETING[name] in screen and "screen: text, 80 x 25\n>" in screen, screen
    assert screen.index("coldstart: loading /boot/motd.txt") < screen.index(kit.GREETING[name])


def test_a_full_screen(sample):
    """More lines than there are rows do no harm."""
    _, image = sample
    with Qemu(image) as vm:
        vm.wait_for(kit.PROMPT)
        for number in range(30):
            vm.type(f"line {number}\r")
            vm.wait_for(rf"you said: line {number}\n> $")
        kit.talk(vm)


def test_no_module_no_command_line(sample):
    name, image = sample
    plain = images.copy(image, images.fresh(".img"))
    images.put(plain, images.config(), "/coldstart.cfg")
    with Qemu(plain) as vm:
        assert re.search(r"command line: \nscreen: text", kit.talk(vm)), name


def test_a_line_too_long_is_cut(sample):
    with Qemu(sample[1]) as vm:
        vm.wait_for(kit.PROMPT)
        vm.type("x" * 100 + "\r")
        vm.wait_for(r"you said: x{79}\n> $")


def test_framebuffer(sample):
    """It has no letters there, but light."""
    name, image = sample
    wide = images.copy(image, images.fresh(".img"))
    images.put(wide, images.config("exit", video="800x600x32"), "/coldstart.cfg")
    with Qemu(wide, exit_device=False) as vm:
        vm.wait_for(r"screen: framebuffer, 800 x 600\n")
        picture = vm.screenshot()
    assert (picture.width, picture.height) == (800, 600)
    assert picture.lit() > 100_000, name
