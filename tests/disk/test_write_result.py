#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What is on the disk afterwards: the same as dd writes, verified, in an order that leaves no disk
with half an image that boots.
"""
import os
import struct
import subprocess

import rig

MIB = rig.MIB
DISK = 20 * MIB


def write(disk, *options, **faults):
    return rig.run(disk, rig.image(), "--file", "--yes", os.path.basename(disk), *options, **faults)


def test_equal_to_dd(tmp_path):
    """On a disk as large as the image, and on an empty larger one; with writes cut short, too."""
    for size, fault in ((16, None), (DISK // MIB, None), (16, "write 0 short")):
        ours, dds = tmp_path / "ours.img", tmp_path / "dds.img"
        for path in (ours, dds):
            with open(path, "wb") as file:
                file.truncate(size * MIB)
        rig.command_line("dd", f"if={rig.image()}", f"of={dds}", "bs=1M", "conv=notrunc,fsync")
        result = write(ours, fault=fault, on=ours)
        assert result.status == 0 and "all of them right" in result.out, result
        assert ours.read_bytes() == dds.read_bytes()


def test_device_equal_to_dd(tmp_path, loops):
    path, dds = rig.disk_file(tmp_path), rig.disk_file(tmp_path, name="dds.img")
    device = loops.attach(path)
    rig.command_line("dd", f"if={rig.image()}", f"of={dds}", "bs=1M", "conv=notrunc,fsync")
    result = rig.run(device, rig.image(), "--yes", os.path.basename(device))
    assert result.status == 0, result
    assert path.read_bytes()[:-MIB] == dds.read_bytes()[:-MIB]
    assert path.read_bytes()[-MIB:] == bytes(MIB)
    assert "The last 1048576 bytes of the disk, where GPT and RAID keep second copies, are " \
        "emptied" in result.out


def test_no_trace_of_a_gpt(tmp_path):
    """dd leaves a GPT's second copy, of which partitioners complain."""
    ours = rig.disk_file(tmp_path, table="label: gpt\nsize=8192\n")
    dds = rig.disk_file(tmp_path, table="label: gpt\nsize=8192\n", name="dds.img")
    rig.command_line("dd", f"if={rig.image()}", f"of={dds}", "bs=1M", "conv=notrunc,fsync")
    assert write(ours).status == 0
    found = [subprocess.run(["wipefs", "--noheadings", "--output", "TYPE", str(path)], text=True,
                            capture_output=True).stdout.split() for path in (ours, dds)]
    print(found)
    assert "gpt" in found[1] and found[0] == ["dos"]


def journal_of(path):
    """[(offset, bytes) or "flush"] as faults.c keeps it."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        kind, at = data[at:at + 1], at + 1
        if kind == b"F":
            found.append("flush")
            continue
        offset, size = struct.unpack_from("<QQ", data, at)
        found.append((offset, data[at + 16:at + 16 + size]))
        at += 16 + size
    return found


def test_order_of_the_writes(tmp_path):
    """The first sector is emptied and flushed before anything else is written, and written after
    all else was flushed. Whatever a power cut leaves of the writes between two flushes, and in
    whatever order: until the last write the sector does not say 55 AA."""
    disk, journal = rig.disk_file(tmp_path), tmp_path / "journal"
    assert write(disk, on=disk, journal=journal).status == 0
    entries = journal_of(journal)
    assert entries[:2] == [(0, bytes(rig.SECTOR)), "flush"]
    assert entries[-3:] == ["flush", (0, rig.image().read_bytes()[:rig.SECTOR]), "flush"]
    between = [entry[0] for entry in entries[2:-2] if entry != "flush"]
    assert min(between) == rig.SECTOR
    assert sum(len(entry[1]) for entry in entries[2:-2] if entry != "flush") == 17 * MIB - rig.SECTOR
    print(f"{len(entries)} writes and flushes")


def test_progress_for_programs(tmp_path):
    result = write(rig.disk_file(tmp_path), "--json")
    assert result.status == 0
    for phase in ("writing", "comparing"):
        seen = [one for one in result.events("progress") if one["phase"] == phase]
        assert len(seen) == 10 and seen[-1]["bytes"] == seen[-1]["total"] == 16 * MIB
        assert all(one["bytes_per_second"] > 0 and one["seconds_left"] >= 0 for one in seen)
    assert len(result.events("written")) == 1 and not result.events("failed")


def test_progress_on_a_terminal(tmp_path):
    disk = rig.disk_file(tmp_path)
    result = rig.typed("", disk, rig.image(), "--file", "--yes", disk.name)
    assert "\r\x1b[Kwriting: 16777216 of 16777216 bytes, 100 %" in result.out
    assert "\r\x1b[Kcomparing: 16777216 of 16777216 bytes, 100 %" in result.out


def ejecting(tmp_path, loops, *options, transport="usb", works="udisksctl"):
    """A loop device that lsblk calls a stick; how udisksctl and eject were called."""
    device = loops.attach(rig.disk_file(tmp_path))
    rig.lsblk_says(tmp_path, [{"KNAME": "sdz", "PATH": device, "MAJ:MIN": rig.number(device),
                               "SIZE": str(DISK), "SERIAL": "1", "TRAN": transport,
                               "RM": "1" if transport else "0"}])
    calls = tmp_path / "calls"
    calls.write_text("")
    for name in ("udisksctl", "eject"):
        rig.command(tmp_path, name, f'echo {name} "$@" >>{calls}; [ {name} = {works} ]')
    result = rig.run(device, rig.image(), "--yes", "1", *options, search=tmp_path)
    assert result.status == 0, result
    return device, result.out, calls.read_text().splitlines()


def test_power_off_and_eject(tmp_path, loops):
    power_off = "udisksctl power-off --no-user-interaction -b "
    device, out, calls = ejecting(tmp_path, loops)
    assert calls == [power_off + device] and f"{device} is ejected: it can be taken out\n" in out
    device, out, calls = ejecting(tmp_path, loops, works="eject")
    assert calls == [power_off + device, "eject " + device] and "is ejected" in out
    device, out, calls = ejecting(tmp_path, loops, works="neither")
    assert len(calls) == 2 and "could not be ejected, but all is on it" in out
    device, out, calls = ejecting(tmp_path, loops, transport="mmc", works="eject")
    assert calls == ["eject " + device]


def test_no_eject(tmp_path, loops):
    assert ejecting(tmp_path, loops, "--no-eject")[2] == []
    assert ejecting(tmp_path, loops, transport="")[2] == []
