#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The kernel under GRUB: grub-file finds its header, grub-mkrescue's ISO boots it in QEMU and in
Bochs, with command line, modules, text and framebuffer, from small to large memory.
"""
import random
import re

import pytest

import guest
from vmlib import bochs, boots, paths

NOISE = random.Random(20).randbytes(9000)
INK_LEAST = 10000  # pixels of a screen full of text
LOADED = r"(?m)^  loaded by GRUB \S+ \(Multiboot2\)$"


def test_grub_file_agrees():
    assert guest.is_multiboot2(paths.KERNEL)


@pytest.mark.parametrize("machine, memory, cpu", [
    ("pc", 16, "qemu64"), ("pc", 32, "qemu64,-nx"), ("q35", 1024, "max"), ("pc", 8192, "EPYC")])
def test_selftest(machine, memory, cpu):
    said = guest.selftest(guest.by_grub(machine, "selftest exit", memory=memory, cpu=cpu))
    assert re.search(LOADED, said)


def test_ready_with_command_line_and_modules():
    """One module whose end has room on its last page, one that has none, one that is empty."""
    contents = [("first", NOISE[:5000]), ("second", NOISE[:8192]), ("module2", b"")]
    words = ("first and more", "second", "")
    given = tuple((data, text) for (_, data), text in zip(contents, words))
    with guest.by_grub(cmdline="no-such-word", modules=given) as vm:
        guest.assert_modules(vm, contents)
        assert 'the kernel does not know the word "no-such-word"' in vm.serial
        boots.until(lambda: "Type help for the commands." in vm.screen_text(), "the screen")
        vm.type("record\r")
        vm.wait_for("There is no firmware record: only Coldstart's own loader keeps one")
        assert vm.e9 == vm.serial


def test_what_is_not_known_is_said():
    with guest.by_grub() as vm:
        vm.wait_for(boots.READY)
        said = vm.serial
    assert re.search(LOADED, said)
    assert re.search(r"(?m)^Memory as reported \(by GRUB \S+ \(Multiboot2\)\):$", said)
    assert "what it answered is not known: only Coldstart's own loader keeps that" in said
    assert "No timeline: only Coldstart's own loader keeps one" in said
    assert re.search(r"RSDP      0x[1-9a-f]", said)
    assert "since start" not in said and "A20" not in said


def test_framebuffer():
    with guest.by_grub(payload="800x600x32") as vm:
        vm.wait_for(boots.READY)
        boots.until(lambda: vm.screenshot().lit() > INK_LEAST, "text on the framebuffer")
        picture = vm.screenshot()
    assert (picture.width, picture.height) == (800, 600)
    guest.selftest(guest.by_grub("q35", "selftest exit", payload="1024x768x32", memory=64))


def test_bochs():
    """Another BIOS, another CPU."""
    iso = guest.rescue("selftest exit")
    _, vm = bochs.finished(iso, disk="cd", memory=64)
    end = re.search(guest.TAP_END, vm.serial)
    assert end and end.group(2) == "0", vm.tail()
    assert re.search(LOADED, vm.serial)
