#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Errors that only lying firmware or an old machine brings about. Where no emulator can be made to
lie so, one routine of stage 2 that asks the hardware is replaced by one that brings the bad answer;
all that follows is the loader as it is built.
"""
import struct

import pytest

from vmlib import boots, images, paths, symbols
from vmlib.qemu import Qemu

SECTOR = 512
FLOPPY_BYTES = 2880 * 1024
DISK_SIGNATURE = 0x1B8
STC_RET = b"\xF9\xC3"  # real mode: carry set, near return
UD2 = b"\x0F\x0B"
ANSWER_FLAGS = 16  # struct answer of stage2/real/answer.inc: eax, ebx, ecx, edx, flags
CARRY = 0x01


def no_answer():
    """INT 15h knows nothing: carry set, all registers 0."""
    flags = symbols.table(paths.BUILD / "stage2.sym")["real_answer"] + ANSWER_FLAGS
    return b"\x2E\x80\x0E" + struct.pack("<H", flags) + bytes([CARRY]) + b"\xC3"


# name: (label whose code is replaced, machine code, status)
LIES = {
    "a20-stays-off": ("real_a20_is_on", lambda: STC_RET, "BOOT_E_A20"),
    "no-cpuid": ("real_cpu_has_cpuid", lambda: STC_RET, "BOOT_E_NO_CPUID"),
    "no-memory-calls": ("real_ask_system", no_answer, "BOOT_E_NO_MEMORY_MAP"),
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


def test_stage_2_came_from_another_disk():
    """A floppy's boot sector finds a hard disk's stage 2 (its drive number 0 is not believed, Q2):
    the loader sees that it was not this disk that was booted, and refuses to go on with it.
    """
    base = images.changed()
    floppy = images.fresh(".img")
    floppy.write_bytes(base.read_bytes()[:FLOPPY_BYTES])
    images.poke(base, {DISK_SIGNATURE: b"\x01\x02\x03\x04"})
    images.poke(floppy, {2 * SECTOR: bytes(SECTOR), 1025 * SECTOR: bytes(SECTOR)})
    extra = ["-drive", f"file={floppy},format=raw,if=none,id=other,snapshot=on",
             "-device", "floppy,drive=other", "-boot", "order=a"]
    boots.error(base, "BOOT_E_WRONG_DISK", extra=extra, bootindex=None)


def test_sectors_of_4096_bytes():
    """A true 4Kn disk: LBA 1 is elsewhere, so stage 1 reads something that does not add up."""
    image = images.changed()
    with Qemu(image, disk="nvme4k") as vm:
        boots.until(lambda: boots.stage1_error(vm.screen_text()), "stage 1's letters on the screen")
        assert boots.stage1_error(vm.screen_text()) == "EC00"
