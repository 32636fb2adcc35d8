#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What is shown before a disk is written, and the name that has to be typed."""
import os
import signal

import pytest

import rig


@pytest.fixture
def disk(tmp_path):
    return rig.disk_file(tmp_path, table=rig.TABLE)


def unchanged(disk, result, pattern):
    assert result.status == 1 and pattern in result.out + result.err, result
    assert disk.read_bytes() == rig.disk_file(disk.parent, table=rig.TABLE, name="same").read_bytes()


def test_right_name(disk):
    result = rig.typed("disk.img", disk, rig.image(), "--file")
    assert result.status == 0 and "Written, read back and compared: 16777216 bytes" in result.out
    assert disk.read_bytes()[:16 * rig.MIB] == rig.image().read_bytes()
    print(result.out)


@pytest.mark.parametrize("answer", ["yes", "y", "", "disk", "disk.img ", "DISK.IMG", "/disk.img"])
def test_any_other_answer(disk, answer):
    unchanged(disk, rig.typed(answer, disk, rig.image(), "--file"), "not the name; nothing was written")


def test_no_answer(disk):
    unchanged(disk, rig.typed("\x04", disk, rig.image(), "--file"), "nothing was written")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_asking(disk, number):
    result = rig.typed(None, disk, rig.image(), "--file", signal=number)
    unchanged(disk, result, "no answer; nothing was written")


def test_name_of_a_loop_device(tmp_path, loops):
    device = loops.attach(rig.disk_file(tmp_path))
    result = rig.typed(os.path.basename(device), device, rig.image())
    assert result.status == 0, result
    assert f"type its name, {os.path.basename(device)};" in result.out


def test_nobody_to_ask(disk):
    unchanged(disk, rig.run(disk, rig.image(), "--file"), "standard input is no terminal")
    unchanged(disk, rig.typed("disk.img", disk, rig.image(), "--file", "--json"), "--json asks nothing")


def test_yes(disk):
    unchanged(disk, rig.run(disk, rig.image(), "--file", "--yes", "other.img"),
              "--yes other.img: the name of")
    assert rig.run(disk, rig.image(), "--file", "--yes", "disk.img").status == 0


def test_yes_is_the_serial_number(tmp_path, loops):
    """A loop device has none, so a lsblk of our own gives it one."""
    path = rig.disk_file(tmp_path)
    device = loops.attach(path)
    search = rig.lsblk_says(tmp_path, [{
        "KNAME": "sdz", "PATH": device, "MAJ:MIN": rig.number(device), "SIZE": str(20 * rig.MIB),
        "MODEL": "Ultra \\x1b[2J", "SERIAL": "4C53-1", "TRAN": "usb", "RM": "1"}])
    before = rig.digest(path)
    for wrong in ("sdz", "4C53-2", ""):
        result = rig.run(device, rig.image(), "--yes", wrong, "--no-eject", search=search)
        assert "the serial number of" in rig.sentence(result, "is 4C53-1; nothing was written$")
        assert rig.digest(path) == before
    result = rig.run(device, rig.image(), "--yes", "4C53-1", "--no-eject", search=search)
    assert result.status == 0, result
    assert f"Disk {device}: Ultra ?[2J, serial number 4C53-1, 20 MiB (20971520 bytes), usb, " \
        "removable\n" in result.out


def test_shown_before(disk):
    """Partitions with their file systems and labels, as they lie in the file."""
    offset = 2048 * rig.SECTOR
    volume = disk.with_name("volume")
    with open(volume, "wb") as file:
        file.truncate(4 * rig.MIB)
    rig.command_line("mkfs.fat", "-n", "HOLIDAYS", str(volume))
    with open(disk, "r+b") as file:
        file.seek(offset)
        file.write(volume.read_bytes())
    result = rig.run(disk, rig.image(), "--file", "--yes", "wrong")
    assert '  partition 1: 4 MiB, vfat, "HOLIDAYS"\n' in result.out
    assert "  partition 2: 15 MiB, nothing known\n" in result.out
    assert f"All of this will be lost: {rig.image()} (16 MiB) takes its place." in result.out


def test_whole_disk_file_system(tmp_path):
    disk = tmp_path / "disk.img"
    with open(disk, "wb") as file:
        file.truncate(20 * rig.MIB)
    rig.command_line("mkfs.ext4", "-q", "-L", "no table", str(disk))
    result = rig.run(disk, rig.image(), "--file", "--yes", "wrong")
    assert '  the whole disk: 20 MiB, ext4, "no table"\n' in result.out


def test_dry_run(disk, tmp_path):
    before = rig.digest(disk)
    journal = tmp_path / "journal"
    result = rig.run(disk, rig.image(), "--file", "--yes", "disk.img", "--dry-run", on=disk,
                     journal=journal)
    assert result.status == 0 and result.out.endswith("Dry run: nothing was written.\n")
    assert rig.digest(disk) == before and not journal.exists()
    unchanged(disk, rig.run(disk, rig.image(), "--file", "--yes", "x", "--dry-run"), "--yes x")
