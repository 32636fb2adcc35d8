#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Stage 1 on BIOSes with bad habits, one at a time: which copy it takes, how, after how many tries;
tests/firmware/switches.py says what each does.
"""
import pytest

from vmlib import rom
from vmlib.screen import TEXT_BYTES, TEXT_PHYS, text_lines

import disks
from disks import BY_CHS, BY_EDD, COPY_A, COPY_B

LADDER = 7 + 3  # tries of one sector: 64, 32, ... 1 sectors in a call, then three more
ENTRY = "Q1_07C0 Q2_DL_00 Q4_SEGMENTS Q5_DIRTY Q7_SCRIBBLE"
VIDEO = "Q36_BP Q37_AX Q37_OTHERS Q38_PAGE_1"

FINE = (0x80, BY_EDD, COPY_A, 0)
WITHOUT_EDD = (0x80, BY_CHS, COPY_A, 0)
OUTCOMES = {
    "": FINE,
    ENTRY: FINE,
    "Q2_DL_12": FINE,
    "Q2_DL_FF": FINE,
    "Q13_NO_EDD": WITHOUT_EDD,
    "Q17_MUTE": WITHOUT_EDD,
    "Q17_KEEPS_CF": WITHOUT_EDD,
    "Q17_NO_PACKET": WITHOUT_EDD,
    "Q17_NO_MAGIC": WITHOUT_EDD,
    "Q18_LIES": (0x80, BY_CHS, COPY_A, 2 * LADDER),
    "Q15_TRASHES_DL": FINE,
    "Q16_WRITES": FINE,
    "Q19_MOST_18": (0x80, BY_EDD, COPY_A, 2),
    "Q19_MOST_1": (0x80, BY_EDD, COPY_A, 6),
    "Q21_REGISTERS": FINE,
    "Q22_IF_OFF": FINE,
    "Q23_STUCK": (0x80, BY_EDD, COPY_A, 7),
    "Q25_SHORT": WITHOUT_EDD,
    "Q25_PARTIAL": (0x80, BY_EDD, COPY_A, 3),
    "Q26_CLEARS_PACKET": FINE,
    "Q13_HEADS_256": WITHOUT_EDD,
    "Q13_TRACK_8": WITHOUT_EDD,
    "Q13_NO_EDD Q24_ANSWER_WITH_CF": WITHOUT_EDD,
    "Q13_FLOPPY": (0x00, BY_CHS, COPY_A, 0),
    VIDEO: FINE,
}
ERRORS = {"Q30_NO_SECTORS": "EB00", "Q30_GEOMETRY_FAILS": "EB07", "DISK_DEAD": "ED20"}


def made(switches):
    return rom.make(*switches.split())


@pytest.mark.parametrize("switches", OUTCOMES)
def test_boots_all_the_same(switches):
    assert disks.report(disks.disk(), rom=made(switches)) == OUTCOMES[switches]


def test_registers_are_kept_as_they_were_handed_over():
    """The firmware sets them all; AX, BX and CX are what stage 1 gives up."""
    odd = 0xBEEF
    assert disks.entry(disks.said(disks.disk(), rom=made(ENTRY))) == {
        "di": odd, "si": odd, "bp": odd, "dx": 0xBE00, "ss": 0x8000, "sp": 0x1235,
        "es": 0x46, "ds": 0x46, "cs": 0x7C0, "flags": 0x4493, "own_sp": 0x7BF8, "zero": 0}


def test_nothing_is_pushed_where_the_bios_has_its_stack():
    """SS:SP is 8000:1235, and below it lie but the flags that the firmware's own popf took."""
    with disks.Qemu(disks.disk(), memory=64, guard=disks.GUARD_S, exit_device=False,
                    rom=made(ENTRY)) as vm:
        vm.wait_for("entry=")
        path = disks.fresh(".bin")
        vm.qmp.call("pmemsave", val=0x80000, size=0x1235, filename=str(path))
    assert path.read_bytes() == bytes(0x1233) + b"\x93\x44"


def test_second_disk_is_believed():
    """DL = 81h; 80h holds another stage 2, a shorter one."""
    second = disks.disk()
    extra = ["-drive", f"file={second},format=raw,if=none,id=second,snapshot=on",
             "-device", "virtio-blk-pci,drive=second"]
    found = disks.report(disks.disk(1), rom=made("Q3_DL_81"), extra=extra)
    assert found == (0x81, BY_EDD, COPY_A, 0)


@pytest.mark.parametrize("switches", ["Q13_TRACK_8", "Q13_HEADS_256", "Q19_MOST_1", ENTRY,
                                      "Q21_REGISTERS"])
def test_copy_b(switches):
    image = disks.disk()
    image = disks.disk(patch=disks.flipped(image, COPY_A, 40))
    assert disks.report(image, rom=made(switches))[2] == COPY_B


@pytest.mark.parametrize("switches", ERRORS)
def test_error(switches):
    assert disks.error(disks.disk(), rom=made(switches)) == ERRORS[switches]


def test_error_is_printed_by_a_bad_video_bios():
    """On the page that is shown, though INT 10h destroys registers (Q36, Q37, Q38)."""
    patch = {copy * disks.SECTOR: bytes(disks.SECTOR) for copy in (COPY_A, COPY_B)}
    page_1 = TEXT_PHYS + 0x1000
    path = disks.fresh(".bin")
    with disks.Qemu(disks.disk(patch=patch), memory=64, guard=disks.GUARD_S,
                    rom=made(VIDEO)) as vm:
        def lines():
            vm.qmp.call("pmemsave", val=page_1, size=TEXT_BYTES, filename=str(path))
            return text_lines(path.read_bytes())
        disks.screen_with(vm, r"EC00", lines)
        assert not rom.offences(vm.e9), "printed on a page that is not shown"
