#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A sample of the failing reads; and what each end of such a boot is worth."""
import campaign
import failing_disk
from failing_disk import Case
from vmlib.outcome import Outcome

REPORT = "reading   stage 2 copy {}, {} retries in stage 1; 22 calls, {} retries in stage 2"
E20 = "coldstart: error E20: disk read failed, LBA {}, INT 13h status 0Ch, reading /boot/kernel.elf"


def test_failing_reads():
    campaign.assert_good(failing_disk, sample=60)


def judged(case, *end, serial=""):
    return failing_disk.judge(case, Outcome(*end, serial=serial)).good


def test_a_boot_that_went_on_must_say_why():
    last = len(failing_disk.reads_of("ahci"))
    case = Case("ahci", "once", last)
    for report, good in (("A00", False), ("A01", True), ("A10", True), ("B00", False)):
        assert judged(case, "ready", serial=REPORT.format(*report)) is good
    assert judged(Case("ahci", "sector", 3), "ready", serial=REPORT.format("B", 12, 0))
    assert judged(Case("ahci", "once", 1), "ready", serial=REPORT.format("A", 0, 0))


def test_an_error_must_name_a_failing_sector():
    last = len(failing_disk.reads_of("ahci"))
    case = Case("ahci", "sector", last)
    lba = failing_disk.bad_sector(case)
    assert judged(case, "error", E20.format(lba))
    assert not judged(case, "error", E20.format(lba + 1))
    assert not judged(case, "error", "coldstart: error E60: the file's CRC-32C is not")
    assert not judged(case._replace(way="once"), "error", E20.format(lba))
    assert judged(Case("ahci", "onwards", 3), "stage1", "ED0C")
    assert not judged(Case("ahci", "sector", 3), "stage1", "ED0C")
    assert not judged(case, "hang") and not judged(case, "reset") and not judged(case, "no boot")
    assert judged(Case("ahci", "onwards", 1), "no boot")
