#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The boot volume grown up to the end of its disk, with all that is on it."""
import os
import pathlib
import shutil

import pytest

import growing
import rig
from growing import GIB, MIB, SECTOR, entry, grow, stick
from vmlib import bochs, images, outcome

CHS_BEYOND = bytes([254, 255, 255])  # 1023/254/63: all that three bytes can say


def grown(path, folder, **more):
    """Grow; prove that all is there, sound, of the right size, and that nothing else has changed."""
    before, head = growing.contents(path), growing.first_mib(path)
    result = grow(path, **more)
    assert result.status == 0 and result.err == "", result
    assert growing.contents(path) == before
    after = growing.first_mib(path)
    assert after[:growing.TABLE] == head[:growing.TABLE]
    assert after[growing.TABLE + 16:] == head[growing.TABLE + 16:], "more than one entry changed"
    growing.is_sound(path, folder)
    return result


def test_64_mib_to_1_gib(tmp_path):
    """The usual image on a small stick; booted on two machines, and the way back is an image."""
    path = stick(tmp_path)
    original, id_before = growing.small("64M", None).read_bytes(), growing.boot_sector(path)[67:82]
    result = grown(path, tmp_path)
    assert "Partition 1 of" in result.out and "has 1023 MiB now" in result.out
    status, first, kind, last, lba, sectors = entry(path)
    assert (status, kind, lba, sectors) == (0x80, 0x0C, 2048, GIB // SECTOR - 2048)
    # 2097151 by 255 heads of 63 sectors.
    assert first == bytes([32, 33, 0]) and last == bytes([138, 8, 130])
    boot = growing.boot_sector(path)
    assert int.from_bytes(boot[28:32], "little") == 2048, "hidden sectors"
    assert int.from_bytes(boot[32:36], "little") == sectors // 63 * 63, "mkfs.fat: whole tracks"
    assert boot[67:82] == id_before, "serial number and label"
    assert outcome.of(path).kind == "ready"
    if bochs.exists():
        assert outcome.of_bochs(path).kind == "ready"
    assert path.with_suffix(".saved").read_bytes() == original
    put_back = rig.run(path, path.with_suffix(".saved"), "--file", "--yes", path.name)
    assert put_back.status == 0, put_back
    with open(path, "rb") as file:
        assert file.read(len(original)) == original


@pytest.mark.parametrize("size, cluster", [(8 * GIB, 8), (64 * GIB, 64)])
def test_larger(tmp_path, size, cluster):
    """mkfs.fat's cluster for the size; a partition that CHS cannot describe."""
    path = stick(tmp_path, size=size)
    before = growing.contents(path)
    result = grow(path)
    assert result.status == 0, result
    assert growing.contents(path) == before
    assert entry(path)[3] == CHS_BEYOND and entry(path)[5] == size // SECTOR - 2048
    assert growing.boot_sector(path)[13] == cluster
    assert outcome.of(path).kind == "ready"


@pytest.mark.parametrize("size, kind, fat, name", [
    (200 * MIB, 0x0E, 16, b"FAT16   "), (GIB, 0x0C, 32, b"FAT32   ")])
def test_fat16(tmp_path, size, kind, fat, name):
    """It stays FAT16 while that is of use, and becomes FAT32 from 512 MiB on."""
    path = stick(tmp_path, size, image_size="32M", fat=16)
    grown(path, tmp_path)
    assert entry(path)[2] == kind
    at = 54 if fat == 16 else 82
    assert growing.boot_sector(path)[at:at + 8] == name
    assert outcome.of(path).kind == "ready"


def test_loop_device(tmp_path, loops):
    path = stick(tmp_path)
    before = growing.contents(path)
    device = pathlib.Path(loops.attach(path))
    result = grow(device, "--no-eject", saved=tmp_path / "old")
    assert result.status == 0, result
    assert growing.contents(path) == before
    assert outcome.of(path).kind == "ready"


def small_stick(folder, **options):
    """For what comes to nothing: no larger than need be."""
    return stick(folder, size=80 * MIB, **options)


def test_dry_run(tmp_path):
    path = small_stick(tmp_path)
    before = path.read_bytes()
    result = grow(path, "--dry-run")
    assert result.status == 0 and "nothing was written" in result.out, result
    assert path.read_bytes() == before and [one.name for one in tmp_path.iterdir()] == [path.name]


def refused(path, pattern, **more):
    """A refusal before anything was written, with nothing left behind."""
    before, there = path.read_bytes(), sorted(path.parent.iterdir())
    result = grow(path, **more)
    assert result.status == 1 and pattern in result.err, result
    assert path.read_bytes() == before and sorted(path.parent.iterdir()) == there


def test_no_room(tmp_path):
    refused(stick(tmp_path, size=64 * MIB + MIB - SECTOR), "there is no room: partition 1 ends where")


def test_partition_behind(tmp_path):
    behind = bytes([0]) + bytes(3) + bytes([0x83]) + bytes(3) + (131072).to_bytes(4, "little") \
        + (2048).to_bytes(4, "little")
    refused(small_stick(tmp_path, patch={growing.TABLE + 16: behind}),
            "partition 2 lies behind partition 1, which therefore cannot grow")


def test_gpt(tmp_path):
    refused(small_stick(tmp_path, patch={SECTOR: b"EFI PART"}), "GPT")


def test_damaged_fat(tmp_path):
    """The first table says that a file ends where the second says it goes on."""
    table = (growing.FIRST + 32) * SECTOR
    refused(small_stick(tmp_path, patch={table + 40 * 4: b"\xff\xff\xff\x0f"}),
            "the old volume is not sound: fsck.fat")


def test_not_bootable(tmp_path):
    """The loader's own words, and not one byte written."""
    path = small_stick(tmp_path)
    images.run("mdel", "-i", growing.volume(path), "::/boot/kernel.elf", env=growing.MTOOLS)
    refused(path, "the loader would not boot the larger volume: error E")


def test_no_active_partition(tmp_path):
    refused(small_stick(tmp_path, patch={growing.TABLE: b"\0"}), "it cannot be told what should grow")


def test_missing_program(tmp_path):
    """All the others are there."""
    path, folder = small_stick(tmp_path), tmp_path / "bin"
    folder.mkdir()
    for name in ("mlabel", "mdir", "mattrib", "lsblk"):
        (folder / name).symlink_to(shutil.which(name))
    refused(path, "mcopy is not installed (Debian and Ubuntu: apt install mtools)", only=folder)


def test_saved_file_is_there(tmp_path):
    path = small_stick(tmp_path)
    path.with_suffix(".saved").write_text("mine")
    refused(path, "is there already, and is not overwritten")
    assert path.with_suffix(".saved").read_text() == "mine"


def test_copy_that_differs(tmp_path):
    """An mcopy that leaves out a file, an attribute, or a byte."""
    path, folder, deep = small_stick(tmp_path), tmp_path / "bin", "A folder with a long name/second.text"
    folder.mkdir()
    other = folder / "other"
    other.write_bytes(b"3\n")
    os.utime(other, (growing.source() / deep).stat()[7:9])
    real = shutil.which("mcopy")
    for more, said in (("mdel e:/empty", "the copy differs"),
                       ("mattrib -h e:/plain.txt", "the copy differs"),
                       (f'{real} -m -Do {other} "e:/{deep}"', "the copy has other bytes")):
        rig.command(folder, "mcopy", f'{real} "$@" && {more}')
        refused(path, said, search=folder)
