#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The image as it is built: its three voices, copy B, a floppy, and nothing is ever written. On which
machines it boots is the campaign matrix's business.
"""
import hashlib

from vmlib import boots, images, paths, probe_elf
from vmlib.qemu import Qemu

FLOPPY_BYTES = 2880 * 1024


def test_image_as_it_is_built():
    """No test's configuration: the image a user gets, all three voices saying the same."""
    with Qemu(paths.IMAGE) as vm:
        vm.wait_for(boots.READY)
        boots.until(lambda: vm.e9 == vm.serial, "port E9h says what serial says")
        boots.until(lambda: "coldstart: kernel ready" in vm.screen_text(), "the line on the screen")
        last = vm.serial.splitlines()[-5:]
        shown = vm.screen_text()
    for line in last:
        assert line.rstrip() in shown, f"{line!r} is not on the screen"


def test_floppy_by_chs():
    """DL = 00h and no EDD (Q13): the front of an image on a 2.88 MB floppy."""
    small = images.changed(config=images.config(""), kernel=probe_elf.probe().bytes(), size="16M")
    floppy = images.fresh(".img")
    floppy.write_bytes(small.read_bytes()[:FLOPPY_BYTES])
    found = boots.probe(floppy, disk="floppy")
    print(f"drive {found['drive']:02x}h, EDD {found['edd_version']}, {found['disk_reads']} reads")
    assert found["drive"] == 0 and found["edd_version"] == 0


def test_copy_b_when_copy_a_is_bad():
    sector = 512
    image = images.changed(config=images.config(""), kernel=probe_elf.probe().bytes(),
                           patch={3 * sector + 100: b"\xFF\x00\xA5"})
    assert boots.probe(image)["stage2_copy"] == 1


def test_the_image_is_as_built_afterwards():
    """Twice: as the overlay sees it, and with the file itself writable."""
    before = hashlib.sha256(paths.IMAGE.read_bytes()).hexdigest()
    image = images.copy(paths.IMAGE, images.fresh(".img"))
    for disk in ("ahci", "ide", "virtio"):
        with Qemu(image, disk=disk, writable=True) as vm:
            vm.wait_for(boots.READY)
            statistics = vm.disk_statistics()
        assert statistics["wr_operations"] == 0 and statistics["wr_bytes"] == 0
        assert statistics["flush_operations"] == 0
        assert hashlib.sha256(image.read_bytes()).hexdigest() == before, disk
        print(f"{disk}: {statistics['rd_operations']} reads, {statistics['rd_bytes']} bytes, "
              "0 writes")
