#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A grow that fails on the way: what is said of the disk is what is on it, and nothing is lost."""
import struct

import pytest

import growing
import rig
from growing import MIB, entry, grow, stick
from vmlib import images, outcome

END = 64 * MIB  # of the old partition
JOURNAL_HEAD = 16


def front(path):
    """All that the old partition table speaks of."""
    with open(path, "rb") as file:
        return file.read(END)


def disk(folder):
    return stick(folder, size=256 * MIB)


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """The journal of a grow that went well: [(kind, offset, bytes)]."""
    folder = tmp_path_factory.mktemp("calls")
    path, journal = disk(folder), folder / "journal"
    assert grow(path, on=path, journal=journal).status == 0
    return read_journal(journal)


def read_journal(path):
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        kind, at = data[at:at + 1], at + 1
        if kind == b"F":
            found.append(("flush", None, b""))
            continue
        offset, count = struct.unpack_from("<QQ", data, at)
        at += JOURNAL_HEAD
        found.append(("write", offset, data[at:at + count]))
        at += count
    return found


def test_order(calls):
    """Behind the old volume first, over it second, the partition table last; a flush between."""
    assert order(calls, END) == ["over", "F", "table", "F"]
    assert [offset for kind, offset, _ in calls if kind == "write" and offset < MIB] == [0]


def order(calls, end):
    found = []
    for kind, offset, _ in calls:
        place = "F" if kind == "flush" else "table" if offset == 0 else \
            "behind" if offset >= end else "over"
        if not found or found[-1] != place:
            found.append(place)
    return found


def test_more_than_the_old_volume_holds(tmp_path):
    """Small files in large clusters need more room than the whole old volume: what lies behind it
    comes first, and if that fails, nothing is lost."""
    path, files, journal = tmp_path / "stick.img", tmp_path / "files", tmp_path / "journal"
    images.copy(growing.small("32M", 16), path)
    files.mkdir()
    for number in range(600):
        (files / f"small file {number:03d}").write_text(f"{number}\n")
    growing.mtools("mcopy", "-s", "-i", growing.volume(path), files, "::/")
    with open(path, "r+b") as file:
        file.truncate(64 * growing.GIB)
    before = growing.contents(path)
    for fault, said in (("write 1 EIO", "Nothing was written"), ("write 2 EIO", "are as they were")):
        result = grow(path, fault=fault, on=path)
        assert result.status == 1 and said in result.err, result
        assert growing.contents(path) == before
    assert grow(path, on=path, journal=journal).status == 0
    assert order(read_journal(journal), 32 * MIB) == ["behind", "F", "over", "F", "table", "F"]
    assert growing.contents(path) == before


@pytest.mark.parametrize("fault, sentence", [
    ("write 1 EIO", "failed to write at byte"),
    ("write 2 short", None),
    ("write 2 EIO", "failed to write at byte"),
    ("write 2 INT", "interrupted"),
    ("flush 1 EIO", "failed to flush"),
    ("flush 2 EIO", "failed to flush"),
    ("write 3 ENOSPC", "No space left on device"),
    ("write 2 stuck", "is not what was written"),
])
def test_one_fault(tmp_path, fault, sentence):
    """The old volume is there as it was, bit by bit, or the new one is, whole."""
    path = disk(tmp_path)
    before = front(path)
    result = grow(path, fault=fault, on=path)
    if sentence is None:
        assert result.status == 0, result
        assert outcome.of(path).kind == "ready"
        return
    assert result.status == 1 and sentence in result.err, result
    assert front(path) == before
    assert not path.with_suffix(".saved").exists()
    begun = fault != "write 1 EIO"
    said = "are back on the disk" if begun else "Nothing was written: the disk is as it was."
    assert said in result.err, result.err


def test_read_back_wrong(tmp_path):
    """One bit of the last read, which compares the new volume, is wrong."""
    path = disk(tmp_path)
    before = front(path)
    reads = 64  # as many MiB are saved first
    while (result := grow(path, fault=f"read {reads} flip", on=path)).status == 0 or \
            "read back from byte" not in result.err:
        images.copy(growing.small("64M", None), path)
        with open(path, "r+b") as file:
            file.truncate(256 * MIB)
        path.with_suffix(".saved").unlink(missing_ok=True)
        reads += 1
        assert reads < 100
    assert front(path) == before
    assert "are back on the disk, read back and compared" in result.err


def test_way_back(tmp_path):
    """A disk that never confirms a write: the two commands that are told put the old volume back, once
    it does."""
    path = disk(tmp_path)
    before, saved = front(path), path.with_suffix(".saved")
    result = grow(path, fault="flush 0 EIO", on=path)
    assert result.status == 1 and "Nor could the old volume be put back" in result.err, result
    assert saved.read_bytes() == before
    commands = [line.strip() for line in result.err.splitlines() if line.startswith("    ")]
    assert commands == [f"tools/write --file {path} {saved}",
                        f"dd if={saved} of={path} bs=1M conv=notrunc,fsync"]
    images.poke(path, {4 * MIB: b"anything", 0: bytes(512)})
    images.run(*commands[1].split())
    assert front(path) == before


def test_bad_place(tmp_path):
    """A place that cannot be written, and so keeps what it has: all else is put back around it."""
    path = disk(tmp_path)
    before = front(path)
    result = grow(path, fault=f"write @{4 * MIB} EIO", on=path)
    assert result.status == 1 and "are back on the disk, read back and compared" in result.err, result
    assert front(path) == before


def test_power_loss(tmp_path, calls):
    """After each of its writes, and none: the saved file is there, and written back it is the disk
    as it was. That file is made, and on its medium, before the first write."""
    path = disk(tmp_path)
    before = front(path)
    result = grow(path, fault="write 1 die", on=path)
    assert result.status == 77 and front(path) == before
    saved = path.with_suffix(".saved")
    assert saved.read_bytes() == before
    writes = [(offset, data) for kind, offset, data in calls if kind == "write"]
    for count in (1, len(writes) // 2, len(writes) - 1):
        images.poke(path, dict(writes[:count]))
        images.run("dd", f"if={saved}", f"of={path}", "bs=1M", "conv=notrunc,fsync")
        assert front(path) == before
        images.poke(path, dict(writes[:count]))
        assert rig.run(path, saved, "--file", "--yes", path.name).status == 0
        assert front(path) == before
    images.poke(path, dict(writes))
    assert entry(path)[5] == 256 * 2048 - 2048
    assert outcome.of(path).kind == "ready"
