#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Errors that only lying firmware or an old machine brings about: the hostile firmware lies, the image
is as shipped. Where no emulator can be made to lie so, one routine of stage 2 that asks the hardware is
replaced by one that brings the bad answer; all that follows is the loader as it is built.
"""

import re

import pytest

from vmlib import boots, images, paths, probe_elf, rom, symbols
from vmlib.qemu import Qemu

SECTOR = 512
FLOPPY_BYTES = 2880 * 1024
DISK_SIGNATURE = 0x1B8
STC_RET = b"\xF9\xC3"  # real mode: carry set, near return
UD2 = b"\x0F\x0B"
MOV_BL_COLOUR = b"\xB3\x07"
BOOT_MARK = 0x1FE
LARGE = 4 << 20  # bytes; larger than any piece of Q48_PIECES


# name: (label whose code is replaced, machine code, status)
LIES = {
    "a20-stays-off": ("real_a20_is_on", lambda: STC_RET, "BOOT_E_A20"),
    "no-cpuid": ("real_cpu_has_cpuid", lambda: STC_RET, "BOOT_E_NO_CPUID"),
    "loader-faults": ("config_load", lambda: UD2, "BOOT_E_LOADER_FAULT"),
}


@pytest.mark.parametrize("case", LIES)
def test_lie(case):
    label, code, status = LIES[case]
    stage1, stage2 = images.patched_stage2({label: code()})
    image = images.make("--kernel", paths.KERNEL, stage1=stage1, stage2=stage2)
    boots.error(image, status)


def test_fault_says_where():
    stage1, stage2 = images.patched_stage2({"config_load": UD2})
    image = images.make("--kernel", paths.KERNEL, stage1=stage1, stage2=stage2)
    place = symbols.table(paths.BUILD / "stage2.sym")["config_load"]
    boots.error(image, "BOOT_E_LOADER_FAULT", rf"vector 6, .*RIP {place:X}h")


def test_booted_from_no_disk():
    """The BIOS enters a sector that no drive holds: nobody knows whose volume it belongs to."""
    boots.error(images.changed(), "BOOT_E_WRONG_DISK", rom=rom.make("DISK_OTHER_SIGNATURE"))


def test_stage_2_came_from_another_disk():
    """A floppy's boot sector finds a hard disk's stage 2 (its drive number 0 is not believed, Q2): the
    loader sees that it was not this disk that was booted, and goes on with the one that was.
    """
    base = images.changed(config=images.config("exit"))
    floppy = images.fresh(".img")
    floppy.write_bytes(base.read_bytes()[:FLOPPY_BYTES])
    images.poke(base, {DISK_SIGNATURE: b"\x01\x02\x03\x04"})
    images.poke(floppy, {2 * SECTOR: bytes(SECTOR), 1025 * SECTOR: bytes(SECTOR)})
    extra = ["-drive", f"file={floppy},format=raw,if=none,id=other,snapshot=on",
             "-device", "floppy,drive=other", "-boot", "order=a"]
    with Qemu(base, extra=extra, bootindex=None) as vm:
        vm.wait_for(r"(?m)^coldstart: disk 00h \(CHS\), partition 1")


def test_sectors_of_4096_bytes():
    """A true 4Kn disk: LBA 1 is elsewhere, so stage 1 reads something that does not add up."""
    image = images.changed()
    boots.stage1(image, "EC00", disk="nvme4k")


def test_a_sector_without_its_mark():
    """Some BIOSes boot it all the same."""
    boots.error(images.changed(patch={BOOT_MARK: b"\x55\x55"}), "BOOT_E_MBR_SIGNATURE",
                rom=rom.make())


def test_no_memory_map():
    boots.error(paths.IMAGE, "BOOT_E_NO_MEMORY_MAP", "E820 gave 0 entries",
                rom=rom.make("Q54_NO_E820", "Q54_NO_88"))


def test_memory_in_pieces():
    """There is enough for the kernel, but not in one piece."""
    image = images.changed(config=images.config("exit"),
                           kernel=probe_elf.probe(file_bytes=LARGE).bytes())
    line = boots.error(image, "BOOT_E_NO_ROOM", r"/boot/kernel\.elf needs", memory=64,
                       rom=rom.make("Q48_PIECES"))
    needed, free, piece = map(int, re.findall(r"(\d+) KiB", line))
    assert piece < needed < free


# switches: stage 1's digits
STAGE1 = {"Q30_NO_SECTORS": "EB00", "DISK_DEAD": "ED20"}


@pytest.mark.parametrize("switch", STAGE1)
def test_stage1(switch):
    boots.stage1(paths.IMAGE, STAGE1[switch], rom=rom.make(switch))


def test_stage1_is_damaged():
    """In the colour it would print in: it still boots, and stage 2 knows that it is another one."""
    colour = paths.STAGE1.read_bytes().index(MOV_BL_COLOUR) + 1
    boots.error(images.changed(patch={colour: b"\x0F"}), "BOOT_E_STAGE1", "LBA 0")
