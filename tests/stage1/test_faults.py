#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Disks that fail and disks that lie: retries, copy B, and the error when nothing is left."""
import pytest

from vmlib.qemu import Qemu

import disks
from disks import BY_CHS, BY_EDD, COPY_A, COPY_B, SECTOR, SECTORS

TRIES = 4  # STAGE1_TRIES: of one sector, before a copy is given up


def read_errors(*sectors, once="off"):
    return "".join(f'[inject-error]\nevent = "read_aio"\nerrno = "5"\nsector = "{sector}"\n'
                   f'once = "{once}"\n' for sector in sectors)


@pytest.mark.parametrize("kind", ["ahci", "ide"])
@pytest.mark.parametrize("sector", [0, 4, SECTORS - 1])
def test_unreadable_sector_in_copy_a(kind, sector):
    drive, call, copy, retries = disks.report(disks.disk(), disk=kind,
                                              blkdebug=read_errors(COPY_A + sector))
    print(f"{kind}: sector {sector} of copy A unreadable: {retries} retries")
    assert (drive, call, copy) == (0x80, BY_EDD, COPY_B) and retries >= TRIES


def test_one_passing_error():
    found = disks.report(disks.disk(), blkdebug=read_errors(COPY_A + 5, once="on"))
    assert found == (0x80, BY_EDD, COPY_A, 1)


def test_unreadable_floppy_sector():
    found = disks.report(disks.disk(size=disks.FLOPPY_BYTES), disk="floppy",
                         blkdebug=read_errors(COPY_A + 3))
    assert found[:3] == (0x00, BY_CHS, COPY_B)


@pytest.mark.parametrize("sector", [0, 1, 63, 64, SECTORS - 1])
def test_flipped_bit_in_copy_a(sector):
    image = disks.disk()
    image = disks.disk(patch=disks.flipped(image, COPY_A, sector))
    assert disks.report(image) == (0x80, BY_EDD, COPY_B, 0)


def stage2_sector(image, number):
    with open(image, "rb") as file:
        file.seek((COPY_A + number) * SECTOR)
        return file.read(SECTOR)


@pytest.mark.parametrize("name, places", [("swapped", {10: 90, 90: 10}), ("repeated", {11: 10}),
                                          ("another", {0: 1})])
def test_misplaced_sectors_in_copy_a(name, places):
    image = disks.disk()
    patch = {(COPY_A + to) * SECTOR: stage2_sector(image, from_) for to, from_ in places.items()}
    assert disks.report(disks.disk(patch=patch)) == (0x80, BY_EDD, COPY_B, 0), name


@pytest.mark.parametrize("sectors", [1, SECTORS])
def test_zeroed_copy_a(sectors):
    patch = {COPY_A * SECTOR: bytes(sectors * SECTOR)}
    assert disks.report(disks.disk(sectors, patch=patch)) == (0x80, BY_EDD, COPY_B, 0)


def both_copies_bad():
    image = disks.disk()
    return disks.disk(patch={**disks.flipped(image, COPY_A, 5), **disks.flipped(image, COPY_B, 6)})


def test_both_copies_zeroed():
    patch = {copy * SECTOR: bytes(SECTORS * SECTOR) for copy in (COPY_A, COPY_B)}
    assert disks.error(disks.disk(patch=patch)) == "EC00"


def test_both_copies_unreadable():
    digits = disks.error(disks.disk(), blkdebug=read_errors(COPY_A + 2, COPY_B + 2))
    print(f"both unreadable: {digits}")
    assert digits == "ED0C"


def test_a_unreadable_b_wrong():
    image = disks.disk()
    image = disks.disk(patch=disks.flipped(image, COPY_B, 6))
    assert disks.error(image, blkdebug=read_errors(COPY_A)) == "EC00"


def test_key_gives_the_bios_its_turn():
    with Qemu(both_copies_bad(), memory=64) as vm:
        disks.screen_with(vm, r"EC00")
        assert "No bootable device" not in vm.screen_text()
        vm.send_key("spc")
        disks.screen_with(vm, r"No bootable device")


def test_nothing_is_written():
    image = disks.disk()
    image = disks.disk(patch=disks.flipped(image, COPY_A, 5))
    before = image.read_bytes()
    disks.report(image, writable=True)
    assert image.read_bytes() == before
