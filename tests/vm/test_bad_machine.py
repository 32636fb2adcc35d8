#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Machines that cannot run a 64-bit kernel say so; errors wait for a key and then move on."""
import re
import time

import pytest

from vmlib import boots, images, probe_elf
from vmlib.qemu import Qemu

KEY_PRESSES, KEY_EVERY_S = 40, 0.25


@pytest.fixture(scope="module")
def image():
    return images.changed(config=images.config("exit"))


def test_cpu_without_long_mode(image):
    boots.error(image, "BOOT_E_NO_LONG_MODE", r"CPU GenuineIntel [0-9A-F]{8}h", cpu="qemu32")


@pytest.mark.parametrize("mib", [2, 3, 4])
def test_tiny_memory(mib):
    """Whatever is too little, the line says how much is needed and how much there is."""
    line = boots.error(images.changed(config=images.config("exit"),
                                      kernel=probe_elf.probe(file_bytes=4 << 20).bytes()), "BOOT_E_LITTLE_MEMORY",
                       r"\d+ KiB", memory=mib)
    assert len(re.findall(r"\d+ KiB", line)) >= 2


def gone_on(vm):
    return vm.process.poll() is not None or "No bootable device" in vm.screen_text()


def test_error_waits_for_a_key_and_moves_on():
    """Any key, then INT 18h: SeaBIOS tries the next device and finds none."""
    with Qemu(images.changed(config="nonsense\n")) as vm:
        vm.wait_for(boots.LEAVE)
        # A key pressed before the question is forgotten on purpose, so press until it is taken.
        for _ in range(KEY_PRESSES):
            vm.send_key("ret")
            time.sleep(KEY_EVERY_S)
            if gone_on(vm):
                break
        assert gone_on(vm), vm.screen_text()


def test_error_moves_on_without_a_key():
    """Nobody at the keyboard (Q40): half a minute of the guest's time, made short by -icount."""
    with Qemu(images.changed(config="nonsense\n"), extra=["-icount", "shift=10,sleep=off"]) as vm:
        vm.wait_for(boots.LEAVE)
        boots.until(lambda: gone_on(vm), "something after the wait", guard=60)


def test_both_copies_of_stage_2_bad():
    """Stage 1 has room for letters only, on the screen only: the sum is wrong, the reads were not."""
    sector = 512
    boots.stage1(images.changed(patch={copy * sector + 1000: b"\xFF\x00\xA5" for copy in (1, 1024)}),
                 "EC00")
