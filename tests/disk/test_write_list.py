#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The list of disks, as text and as JSON: what is on them, and which can be written."""
import json

import pytest

import rig
from vmlib import paths

GIB = 1 << 30
STICK = [
    {"KNAME": "sdx", "MAJ:MIN": "8:1", "SIZE": str(15 * GIB + GIB // 2), "MODEL": "Ultra Fit",
     "SERIAL": "4C530001", "TRAN": "usb", "RM": "1"},
    {"KNAME": "sdx1", "PKNAME": "sdx", "MAJ:MIN": "8:2", "TYPE": "part", "SIZE": str(15 * GIB),
     "FSTYPE": "vfat", "LABEL": 'a \\x22b\\x22', "MOUNTPOINTS": "/media/a b\\x0a/mnt"},
]
OTHERS = [
    {"KNAME": "sdy", "MAJ:MIN": "8:16", "SIZE": str(GIB), "RO": "1"},
    {"KNAME": "sr0", "MAJ:MIN": "11:0", "TYPE": "rom", "SIZE": "0", "RM": "1"},
    {"KNAME": "mmcblk0", "MAJ:MIN": "179:0", "SIZE": "0", "RM": "1"},
    {"KNAME": "nbd0", "MAJ:MIN": "43:0", "SIZE": "0"},
    {"KNAME": "loop7", "MAJ:MIN": "7:7", "TYPE": "loop", "SIZE": "0"},
    {"KNAME": "md0", "PKNAME": "sdz", "MAJ:MIN": "9:0", "TYPE": "raid1", "SIZE": str(GIB)},
    {"KNAME": "sdz", "MAJ:MIN": "8:32", "SIZE": str(GIB), "FSTYPE": "linux_raid_member"},
    {"KNAME": "md0", "PKNAME": "sdw", "MAJ:MIN": "9:0", "TYPE": "raid1", "SIZE": str(GIB)},
    {"KNAME": "sdw", "MAJ:MIN": "8:48", "SIZE": str(GIB), "FSTYPE": "linux_raid_member"},
]


@pytest.fixture
def told(tmp_path):
    return rig.lsblk_says(tmp_path, STICK + OTHERS)


def test_text(told):
    out = rig.run(search=told).out
    print(out)
    assert out.startswith(
        "/dev/sdx  15.5 GiB  Ultra Fit, serial number 4C530001, usb, removable\n"
        '    sdx1: 15 GiB, vfat "a "b"", mounted: /media/a b /mnt\n'
        "    cannot be written: it is mounted: '/media/a b' /mnt; first: umount '/media/a b' /mnt\n")
    for hidden in ("nbd0", "loop7"):
        assert hidden not in out
    assert "/dev/sdy  1 GiB  no model name, serial number none\n    cannot be written: it is read" in out


def test_json(told):
    disks = {one["name"]: one for one in json.loads(rig.run("--json", search=told).out)["disks"]}
    assert list(disks) == ["sdx", "sdy", "sr0", "mmcblk0", "sdz", "sdw"]
    stick = disks["sdx"]
    assert (stick["model"], stick["serial"], stick["transport"]) == ("Ultra Fit", "4C530001", "usb")
    assert stick["removable"] and not stick["read_only"] and stick["sector_bytes"] == 512
    (part,) = stick["inside"]
    assert part["label"] == 'a "b"' and part["mounted"] == ["/media/a b", "/mnt"]
    why = {name: one["why_not"] for name, one in disks.items()}
    assert "CD or DVD" in why["sr0"] and "no medium" in why["mmcblk0"]
    assert [why[name] for name in ("sdz", "sdw")] == ["is in use by /dev/md0; stop that first"] * 2
    assert not any(one["writable"] for one in disks.values())


def test_foreign_names(tmp_path):
    """A label is anybody's bytes: nothing of it moves the cursor, and JSON stays JSON."""
    nasty = r"a\x1b[31m\xc2\x9b\xffb\x0aC\xc3\xa9"
    search = rig.lsblk_says(tmp_path, [{"KNAME": "sdx", "MAJ:MIN": "8:1", "SIZE": "512",
                                        "MODEL": nasty, "FSTYPE": "vfat", "LABEL": nasty}])
    clean = "a?[31m??b?C\N{LATIN SMALL LETTER E WITH ACUTE}"
    out = rig.run(search=search).out
    assert f"/dev/sdx  512 B  {clean}, serial" in out and f'vfat "{clean}"\n' in out
    (disk,) = json.loads(rig.run("--json", search=search).out)["disks"]
    assert disk["model"] == disk["label"] == clean


def test_loop_device_with_partitions(tmp_path, loops):
    """From the real lsblk."""
    path = rig.disk_file(tmp_path, table=rig.TABLE, size=80 * rig.MIB)
    device = loops.attach(path)
    rig.need_partitions(device)
    disks = {one["path"]: one for one in json.loads(rig.run("--json").out)["disks"]}
    assert disks[device]["file"] == str(path) and disks[device]["writable"]
    assert [part["bytes"] for part in disks[device]["inside"]] == [4 * rig.MIB, 75 * rig.MIB]
    for other in disks.values():
        assert other["type"] != "loop" or other["file"], "loop devices with nothing behind them"
    assert f"{device}  80 MiB  {path}, serial number none\n" in rig.run().out


def test_every_disk_of_this_machine_is_there():
    lines = rig.command_line("lsblk", "--nodeps", "--bytes", "--noheadings", "--output",
                             "KNAME,TYPE,SIZE").splitlines()
    known = {line.split()[0] for line in lines if line.split()[1] == "disk" and line.split()[2] != "0"}
    listed = {one["name"] for one in json.loads(rig.run("--json").out)["disks"]}
    assert known <= listed


def test_front():
    """tools/write builds and starts the program; with --json nothing else goes to standard output."""
    if paths.BUILD != paths.SOURCE / "build":
        pytest.skip("the front builds in build/, and this is another build")
    out = rig.command_line(paths.SOURCE / "tools/write", "--json")
    assert json.loads(out) == json.loads(rig.run("--json").out)
