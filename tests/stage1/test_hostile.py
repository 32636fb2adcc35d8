#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""BIOSes with bad habits, one at a time; hostile.asm says what each does."""
import pytest

from vmlib.screen import TEXT_BYTES, TEXT_PHYS, text_lines

import disks
from disks import BY_CHS, BY_EDD, COPY_A, COPY_B

LADDER = 7 + 3  # tries of one sector: 64, 32, ... 1 sectors in a call, then three more

FINE = (0x80, BY_EDD, COPY_A, 0)
WITHOUT_EDD = (0x80, BY_CHS, COPY_A, 0)
OUTCOMES = {
    "none": FINE,
    "entry": FINE,
    "drive_12": FINE,
    "drive_ff": FINE,
    "no_edd": WITHOUT_EDD,
    "edd_mute": WITHOUT_EDD,
    "edd_keeps_cf": WITHOUT_EDD,
    "edd_no_packet": WITHOUT_EDD,
    "edd_no_magic": WITHOUT_EDD,
    "edd_lies": (0x80, BY_CHS, COPY_A, 2 * LADDER),
    "edd_trash_dl": FINE,
    "edd_writes": FINE,
    "limit_18": (0x80, BY_EDD, COPY_A, 2),
    "limit_1": (0x80, BY_EDD, COPY_A, 6),
    "poison": FINE,
    "no_if": FINE,
    "stuck": (0x80, BY_EDD, COPY_A, 7),
    "short": WITHOUT_EDD,
    "partial": (0x80, BY_EDD, COPY_A, 3),
    "zero_packet": FINE,
    "geometry_256": WITHOUT_EDD,
    "geometry_8": WITHOUT_EDD,
    "geometry_carry": WITHOUT_EDD,
    "video": FINE,
}
ERRORS = {"geometry_0": "EB00", "geometry_fail": "EB07", "dead": "ED20"}


@pytest.mark.parametrize("habit", OUTCOMES)
def test_boots_all_the_same(habit):
    assert disks.report(disks.disk(), habit) == OUTCOMES[habit]


def test_registers_are_kept_as_they_were_handed_over():
    """The habit sets them all; AX, BX and CX are what stage 1 gives up."""
    odd = 0xBEEF
    assert disks.entry(disks.said(disks.disk(), "entry")) == {
        "di": odd, "si": odd, "bp": odd, "dx": 0xBE00, "ss": 0x8000, "sp": 0x1235,
        "es": 0x46, "ds": 0x46, "cs": 0x7C0, "flags": 0x4493, "own_sp": 0x7BF8, "zero": 0}


def test_nothing_is_pushed_where_the_bios_has_its_stack():
    """SS:SP is 8000:1235, and below it lie but the flags that the habit's own popf took."""
    with disks.Qemu(disks.disk(), memory=64, guard=disks.GUARD_S, exit_device=False,
                    extra=["-option-rom", disks.rom("entry")]) as vm:
        vm.wait_for("entry=")
        path = disks.fresh(".bin")
        vm.qmp.call("pmemsave", val=0x80000, size=0x1235, filename=str(path))
    assert path.read_bytes() == bytes(0x1233) + b"\x93\x44"


def test_second_disk_is_believed():
    """DL = 81h; 80h holds another stage 2, a shorter one."""
    second = disks.disk()
    extra = ["-drive", f"file={second},format=raw,if=none,id=second,snapshot=on",
             "-device", "virtio-blk-pci,drive=second"]
    found = disks.report(disks.disk(1), "drive_81", extra=extra)
    assert found == (0x81, BY_EDD, COPY_A, 0)


@pytest.mark.parametrize("habit", ["geometry_8", "geometry_256", "limit_1", "entry", "poison"])
def test_copy_b(habit):
    image = disks.disk()
    image = disks.disk(patch=disks.flipped(image, COPY_A, 40))
    assert disks.report(image, habit)[2] == COPY_B


@pytest.mark.parametrize("habit", ERRORS)
def test_error(habit):
    assert disks.error(disks.disk(), habit) == ERRORS[habit]


def test_error_is_printed_by_a_bad_video_bios():
    """On the page that is shown, though INT 10h destroys registers (Q36, Q37, Q38)."""
    patch = {copy * disks.SECTOR: bytes(disks.SECTOR) for copy in (COPY_A, COPY_B)}
    page_1 = TEXT_PHYS + 0x1000
    path = disks.fresh(".bin")
    with disks.Qemu(disks.disk(patch=patch), memory=64, guard=disks.GUARD_S,
                    extra=["-option-rom", disks.rom("video")]) as vm:
        def lines():
            vm.qmp.call("pmemsave", val=page_1, size=TEXT_BYTES, filename=str(path))
            return text_lines(path.read_bytes())
        disks.screen_with(vm, r"EC00", lines)
        assert "!" not in vm.e9, "printed on a page that is not shown"


def test_every_habit_is_tried():
    roms = {path.stem.removeprefix("rom_") for path in disks.PRODUCTS.glob("rom_*.raw")}
    assert roms == set(OUTCOMES) | set(ERRORS) | {"drive_81"}
