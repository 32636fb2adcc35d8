# SPDX-License-Identifier: MIT
"""Disks that hold stage 1 and a stage 2 that only reports, and what it reports."""
import functools
import pathlib
import re
import tempfile
import time

from vmlib import paths, rom
from vmlib.machine import Hang
from vmlib.qemu import PASSED, Qemu

PRODUCTS = paths.BUILD / "tests" / "stage1"
SECTOR, MIB = 512, 1024 * 1024
DISK_BYTES = 16 * MIB  # SeaBIOS does not boot smaller ones from AHCI and virtio
FLOPPY_BYTES = 1440 * 1024
COPY_A, COPY_B = 1, 1024
BY_EDD, BY_CHS = 64, 1
SECTORS = 128
GUARD_S = 60  # a boot takes less than one second
ENTRY = "di si bp own_sp ss dx zero sp es ds cs flags".split()  # struct stage1_entry
REPORT = re.compile(r"stage2 drive=(\w+) call=(\w+) copy=(\w+) retries=(\w+)")


@functools.lru_cache(maxsize=None)
def folder():
    """One folder of this test process, gone with it."""
    folder.holder = tempfile.TemporaryDirectory(prefix="coldstart-stage1-")
    return pathlib.Path(folder.holder.name)


def fresh(suffix):
    fresh.count = getattr(fresh, "count", 0) + 1
    return folder() / f"{fresh.count}{suffix}"


def disk(sectors=SECTORS, size=DISK_BYTES, patch=None):
    """A disk with both copies; patch {byte offset: bytes} is applied last."""
    path = fresh(".img")
    stage2 = (PRODUCTS / f"stage2_{sectors}.bin").read_bytes()
    with open(path, "wb") as file:
        file.truncate(size)
        file.write((PRODUCTS / f"stage1_{sectors}.bin").read_bytes())
        for lba in (COPY_A, COPY_B):
            file.seek(lba * SECTOR)
            file.write(stage2)
        for offset, data in (patch or {}).items():
            file.seek(offset)
            file.write(data)
    return path


def flipped(image, copy, sector, byte=0x123):
    """{offset: byte} that flips one bit of that sector of that copy."""
    offset = (copy + sector) * SECTOR + byte
    with open(image, "rb") as file:
        file.seek(offset)
        return {offset: bytes([file.read(1)[0] ^ 0x10])}


def entry(text):
    """{register: value} that stage 1 found and kept, as stage 2 reports it."""
    words = [int(word, 16) for word in re.search(r" entry=([0-9A-F ]+)", text).group(1).split()]
    return dict(zip(ENTRY, words, strict=True))


def parse(text):
    """(drive, sectors per call, copy, retries) that stage 2 found."""
    assert "broken promise" not in text, text
    assert not rom.offences(text), "asked of the BIOS what nobody may"
    found = REPORT.search(text)
    assert found, f"stage 2 did not report: {text!r}"
    return tuple(int(number, 16) for number in found.groups())


def said(image, **options):
    """Boot it in QEMU; all that stage 2 said."""
    with Qemu(image, memory=64, guard=GUARD_S, **options) as vm:
        status = vm.wait_exit()
    assert status == PASSED, vm.tail()
    assert vm.e9 == vm.serial
    return vm.e9


def report(image, **options):
    """Boot it in QEMU; what stage 2 reports."""
    return parse(said(image, **options))


def screen_with(vm, pattern, lines=None):
    """The match of `pattern` on the screen, as soon as it is there."""
    lines = lines or vm.screen_lines
    while True:
        found = re.search(pattern, "\n".join(lines()))
        if found:
            return found
        if vm.process.poll() is not None or time.monotonic() > vm.deadline:
            raise Hang(f"no {pattern!r} on the screen:\n" + "\n".join(lines()))
        time.sleep(0.05)


def error(image, **options):
    """Boot it in QEMU; the error on the screen, four digits."""
    with Qemu(image, memory=64, guard=GUARD_S, **options) as vm:
        digits = screen_with(vm, r"E[BCD][0-9A-F]{2}\b").group(0)
        assert not REPORT.search(vm.e9), "stage 2 ran all the same"
        assert not rom.offences(vm.e9), "asked of the BIOS what nobody may"
    return digits
