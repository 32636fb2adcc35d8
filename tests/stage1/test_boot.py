#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Stage 1 boots from every kind of disk, with a stage 2 of every length; in QEMU and in Bochs."""
import pytest

from vmlib import bochs, rom

import disks
from disks import BY_CHS, BY_EDD, COPY_A, COPY_B


@pytest.mark.parametrize("kind", ["ahci", "ide", "virtio", "virtio-scsi", "nvme", "usb"])
def test_hard_disk(kind):
    assert disks.report(disks.disk(), disk=kind) == (0x80, BY_EDD, COPY_A, 0)


def test_floppy_disk_by_chs():
    image = disks.disk(size=disks.FLOPPY_BYTES)
    assert disks.report(image, disk="floppy") == (0x00, BY_CHS, COPY_A, 0)


@pytest.mark.parametrize("sectors", [1, 65])
def test_length(sectors):
    assert disks.report(disks.disk(sectors)) == (0x80, BY_EDD, COPY_A, 0)


def test_oldest_machine():
    """No PCI, no CPUID to speak of: a 486 and an ISA disk."""
    found = disks.report(disks.disk(), machine="isapc", cpu="486", disk="ide")
    assert found == (0x80, BY_EDD, COPY_A, 0)


def bochs_report(image, **options):
    _, vm = bochs.finished(image, **options)
    return disks.parse(vm.e9)


def test_bochs():
    assert bochs_report(disks.disk()) == (0x80, BY_EDD, COPY_A, 0)


def test_bochs_copy_b():
    image = disks.disk()
    image = disks.disk(patch=disks.flipped(image, COPY_A, 77))
    assert bochs_report(image) == (0x80, BY_EDD, COPY_B, 0)


@pytest.mark.parametrize("switches, call", [
    (["Q1_07C0", "Q2_DL_00", "Q4_SEGMENTS", "Q5_DIRTY", "Q7_SCRIBBLE"], BY_EDD),
    (["Q13_TRACK_8"], BY_CHS)])
def test_bochs_hostile(switches, call):
    found = bochs_report(disks.disk(), rom=rom.make(*switches))
    assert found == (0x80, call, COPY_A, 0)
