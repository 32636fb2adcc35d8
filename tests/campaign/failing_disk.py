#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Disks that fail, in QEMU: whichever read of a boot it is that fails, once or for good, the boot
goes on and says so, or stops with an error that names a sector which was told to fail. One failure is
never enough to stop it, nor is one bad sector in stage 2, which is there twice.

The reads are those of a good boot, in their order, as QEMU's own log of them has it; blkdebug makes
the wanted one fail. The first is QEMU's own, for the geometry; then comes the BIOS's, of LBA 0.
What a BIOS reads in many small pieces for one call fails in the first of them, in the middle one and
in the last: between those no code of ours can tell a difference.
"""
import functools
import re
import sys
import threading
import typing

import campaign
from vmlib import errors, images, outcome, paths

TITLE = "each read of a boot fails, once, for good, and all that follow"
DISKS = ["ahci", "ide", "virtio", "nvme", "usb"]
WAYS = {
    "once": "the read fails, and works when it is repeated",
    "sector": "one sector of it fails for ever",
    "onwards": "the read fails, and so does every one after it",
}
SECTOR = 512
CALL_SECTORS = 127  # the most that one INT 13h call is asked for (EDD_MAX_SECTORS)
STAGE2_LBA = 1
TRACED = re.compile(r"(?m)^blk_co_preadv .* offset (\d+) bytes (\d+) ")
REPORT = re.compile(r"stage 2 copy ([AB]), (\d+) retries in stage 1; \d+ calls, (\d+) retries in stage 2")
counting = threading.Lock()


class Read(typing.NamedTuple):
    lba: int
    sectors: int


class Case(typing.NamedTuple):
    disk: str
    way: str
    number: int  # of the read, from 1 on

    def __str__(self):
        return f"{self.disk}/{self.way}/{self.number:03}"


@functools.lru_cache(maxsize=None)
def count_reads(disk):
    log = images.fresh(".log")
    found = outcome.of(paths.IMAGE, disk=disk, extra=["-trace", "blk_co_preadv", "-D", log])
    assert found.kind == "ready", f"{disk}: {found}"
    places = [(int(offset), int(size)) for offset, size in TRACED.findall(log.read_text())]
    assert places, "QEMU logged no reads"
    return [Read(offset // SECTOR, size // SECTOR) for offset, size in places]


def reads_of(disk):
    """What a good boot reads from this kind of disk, in order; counted once."""
    with counting:
        return count_reads(disk)


def calls_of(reads):
    """The reads' numbers, those together that one call may have led to: one behind the other on the
    disk, and not more than a call can ask for."""
    calls, sectors = [], 0
    for number, read in enumerate(reads, start=1):
        before = reads[number - 2] if calls else None
        if (before is None or before.lba + before.sectors != read.lba
                or sectors + read.sectors > CALL_SECTORS):
            calls.append([])
            sectors = 0
        calls[-1].append(number)
        sectors += read.sectors
    return calls


def numbers_of(disk):
    """The reads that are made to fail: of each call the first, the middle one and the last."""
    return [number for call in calls_of(reads_of(disk))
            for number in sorted({call[0], call[len(call) // 2], call[-1]})]


def cases():
    return [Case(disk, way, number) for disk in DISKS for way in WAYS for number in numbers_of(disk)]


def bad_sector(case):
    """In the middle of the read: not where it would be found without looking."""
    read = reads_of(case.disk)[case.number - 1]
    return read.lba + read.sectors // 2


def rules(case):
    """blkdebug's configuration: it is in state n when the n-th read comes."""
    if case.way == "sector":
        return injection(f'sector = "{bad_sector(case)}"\nonce = "off"')
    counters = "".join(f'[set-state]\nevent = "read_aio"\nstate = "{state}"\n'
                       f'new_state = "{state + 1}"\n' for state in range(1, case.number))
    once = "on" if case.way == "once" else "off"
    return counters + injection(f'state = "{case.number}"\nonce = "{once}"')


def injection(which):
    return f'[inject-error]\nevent = "read_aio"\nerrno = "5"\n{which}\n'


def may_fail(case, lba):
    """Was a read of this sector told to fail? A BIOS may do one call as several reads, and the whole
    call is repeated when the last of them fails: then its first sectors fail too.
    """
    if case.way == "sector":
        return lba == bad_sector(case)
    reads = reads_of(case.disk)
    first = case.number - 1
    last = case.number if case.way == "once" else len(reads)
    while first > 0 and reads[first - 1].lba + reads[first - 1].sectors == reads[first].lba:
        first -= 1
    return any(read.lba <= lba < read.lba + read.sectors for read in reads[first:last])


def is_ours(case):
    """What fails before stage 1 has been read is the BIOS's to tell, and sector 0 for good too."""
    if case.way == "sector" and bad_sector(case) < STAGE2_LBA:
        return False
    before = reads_of(case.disk)[:case.number]
    return any(read.lba >= STAGE2_LBA for read in before)


def judge_ready(case, serial):
    """It went on: by a retry or by copy B, and the kernel's report must say so."""
    copy, in_stage1, in_stage2 = REPORT.search(serial).groups()
    if copy == "B":
        return campaign.Verdict(case.way != "once", "ready, by copy B")
    if int(in_stage1) or int(in_stage2):
        where = "stage 1" if int(in_stage1) else "stage 2"
        return campaign.Verdict(True, f"ready, by a retry in {where}")
    return campaign.Verdict(not is_ours(case), "ready, and no word about the error"
                            if is_ours(case) else "ready: the BIOS tried again")


def judge_error(case, line):
    """Only E20 fits, in its own words, and with a sector that really fails."""
    if case.way == "once":
        return campaign.Verdict(False, "stopped by one failure", line)
    lba = re.search(r"LBA (\d+)", line)
    good = (re.fullmatch(errors.pattern("BOOT_E_DISK_READ"), line) is not None and lba is not None
            and may_fail(case, int(lba.group(1))))
    return campaign.Verdict(good, "E20, naming the sector" if good else "a wrong message", line)


def judge(case, found):
    if found.kind == "ready":
        return judge_ready(case, found.serial)
    if found.kind == "error":
        return judge_error(case, found.says)
    if found.kind == "stage1":
        good = case.way == "onwards" and is_ours(case) and found.code.startswith("ED")
        return campaign.Verdict(good, found.code)
    return campaign.Verdict(found.kind == "no boot" and not is_ours(case), found.kind)


def attempt(case):
    found = outcome.of(paths.IMAGE, selftest=True, disk=case.disk, blkdebug=rules(case),
                       drive_options="rerror=report")
    verdict = judge(case, found)
    verdict.tally = f"{case.way}: {verdict.tally}"
    verdict.text = f"{verdict.text}\n{found}\n{found.screen}\n{found.serial[-1500:]}"
    return verdict


if __name__ == "__main__":
    sys.exit(campaign.run(sys.modules[__name__]))
