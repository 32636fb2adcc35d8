#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A disk that fails, at any call: an error, and a statement of what is on the disk that is compared
with the disk's real bytes.
"""
import pytest

import rig

MIB, SECTOR = rig.MIB, rig.SECTOR
SIZE = 20 * MIB
DIED = 77
EMPTY = bytes(SECTOR)

EVERY = [f"{call} {which} {what}" for call, troubles in (
    ("write", ("EIO", "ENOSPC", "stuck", "INT", "TERM", "pull")),
    ("flush", ("EIO", "INT")),
    ("forget", ("EIO",)),
    ("read", ("EIO", "flip", "INT")),
) for which in ((1, 2, 3, 11, 18, 19) if call == "write" else
                (1, 2, 3, 5) if call == "flush" else (1, 2, 3, 4) if call == "forget" else
                ("@0", "@512", f"@{9 * MIB}", f"@{16 * MIB - 1}", f"@{SIZE - 1}"))
    for what in troubles]
# These come when nothing is left that could be stopped, or while nothing differs.
HARMLESS = {"write 19 INT", "write 19 TERM", "flush 5 INT", f"read @{16 * MIB - 1} INT"}


def faulted(tmp_path, fault, old=None):
    """(result, bytes before, bytes after)"""
    disk = rig.disk_file(tmp_path)
    if old:
        disk.write_bytes(old)
    before = disk.read_bytes()
    result = rig.run(disk, rig.image(), "--file", "--yes", disk.name, "--json", fault=fault, on=disk)
    return result, before, disk.read_bytes()


def different(some, others):
    """The sectors that differ."""
    return [lba for lba in range(len(some) // SECTOR)
            if some[lba * SECTOR:(lba + 1) * SECTOR] != others[lba * SECTOR:(lba + 1) * SECTOR]]


def is_mixed(now, one, other):
    """Whether each byte is that of the one or of the other: a write may be cut anywhere."""
    return now in (one, other) or all(byte in pair for byte, *pair in zip(now, one, other))


def part_is(word, now, before, image):
    """Whether a part is what the word says of it."""
    empty = bytes(len(now))
    return {"as before": now == before, "empty": now == empty,
            "perhaps empty": is_mixed(now, before, empty),
            "perhaps the image's": image is not None and is_mixed(now, empty, image)}[word]


def check_statement(state, before, now, stuck):
    """Every claim of the statement against the bytes."""
    image = rig.image().read_bytes()
    taken, perhaps, compared = state["taken_to"], state["perhaps_to"], state["compared_to"]
    end = SIZE - state["end_bytes"]
    assert part_is(state["first_sector"], now[:SECTOR], before[:SECTOR], image[:SECTOR])
    assert part_is(state["end"], now[end:], before[end:], None)
    assert SECTOR <= compared <= taken <= perhaps <= len(image)
    assert now[perhaps:end] == before[perhaps:end], "all else is as before"
    wrong = different(now[:taken], image[:taken])[1 if now[:SECTOR] != image[:SECTOR] else 0:]
    if not stuck:
        assert wrong == [], "the disk took these"
    for at in range(SECTOR, perhaps, SECTOR):
        assert is_mixed(now[at:at + SECTOR], before[at:at + SECTOR], image[at:at + SECTOR])
    if compared == len(image) and stuck:
        assert state["wrong_sectors"] == len(wrong)
        assert state["first_different_lba"] == (wrong[0] if wrong else 0)


@pytest.mark.parametrize("fault", EVERY)
def test_statement_is_true(tmp_path, fault):
    result, before, now = faulted(tmp_path, fault)
    image = rig.image().read_bytes()
    if fault in HARMLESS:
        assert result.status == 0 and now[:len(image)] == image
        return
    assert result.status == 1, result
    (failed,), (state,) = result.events("failed"), result.events("state")
    print(f"{fault}: {failed['text']}\n    {state['text']}")
    expected = {"EIO": "Input/output error", "ENOSPC": "No space left", "INT": "interrupted",
                "TERM": "interrupted", "pull": "No such device"}.get(fault.split()[2], "what was written, LBA")
    assert expected in failed["text"]
    check_statement(state, before, now, "stuck" in fault)
    assert now[510:512] != b"\x55\xAA" or state["first_sector"] in ("as before", "perhaps the image's")
    if now == before:
        assert "Nothing was written: the disk is as it was." == state["text"] or "stuck" in fault


def test_a_disk_that_keeps_nothing(tmp_path):
    """As a worn-out card does: it says yes to every write. Nothing is claimed, nothing changed."""
    result, before, now = faulted(tmp_path, "write 0 stuck")
    assert result.status == 1 and now == before
    assert "1 sector is not what was written, LBA 0 the first" in result.events("failed")[0]["text"]
    assert result.events("state")[0]["first_sector"] == "perhaps empty"


def test_wrong_byte_is_named(tmp_path):
    """The text for people: LBA, how many, and that the disk does not boot."""
    disk = rig.disk_file(tmp_path)
    result = rig.run(disk, rig.image(), "--file", "--yes", disk.name, on=disk,
                     fault=f"write @{5 * MIB} stuck")
    assert result.status == 1
    assert ("write: read back, 2048 sectors are not what was written, LBA 10240 the first; do not "
            "trust this disk\n") in result.err
    assert "The first sector is empty: the disk does not boot and shows no partitions." in result.err
    assert disk.read_bytes()[:SECTOR] == EMPTY


@pytest.mark.parametrize("fault", [
    "write 1 die", "write 2 die", "write 3 die", "write 12 die", "write 18 die", "write 19 die",
    "flush 1 die", "flush 2 die", "flush 4 die", "read @0 die", f"read @{9 * MIB} die"])
def test_ended_without_a_word(tmp_path, fault):
    """The old disk was bootable; before the last write no mix of old and new is."""
    old = rig.image().read_bytes() + rig.old_bytes(4 * MIB)
    result, before, now = faulted(tmp_path, fault, old=old)
    assert result.status == DIED
    assert now == before if fault == "write 1 die" else now[:SECTOR] == EMPTY


def test_short_writes_are_completed(tmp_path):
    result, _, now = faulted(tmp_path, "write 0 short")
    assert result.status == 0 and now[:16 * MIB] == rig.image().read_bytes()


def test_image_that_cannot_be_read(tmp_path):
    """The image fails, not the disk: the fault is put on its file."""
    disk = rig.disk_file(tmp_path)
    before = disk.read_bytes()
    result = rig.run(disk, rig.image(), "--file", "--yes", disk.name, "--json", on=rig.image(),
                     fault=f"read @{9 * MIB} EIO")
    assert result.status == 1
    assert f"the image cannot be read at byte {9 * MIB}" in result.events("failed")[0]["text"]
    check_statement(result.events("state")[0], before, disk.read_bytes(), False)
