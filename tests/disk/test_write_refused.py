#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every reason not to write: its own sentence, what to do, and not a byte changed."""
import json
import os
import pathlib
import subprocess
import tempfile

import pytest

import rig
from vmlib import images

NOBODY = 65534
LAYERS = [("part", "p1", "vda"), ("crypt", "dm-0", "vdap1"), ("lvm", "dm-1", "dm-0")]


def refused(device, pattern, *options, **faults):
    """The refusal of a device, with nothing asked before it."""
    before = rig.digest(device) if os.path.isfile(device) else None
    sentence = rig.sentence(rig.run(device, rig.image(), *options, **faults), pattern)
    assert before is None or rig.digest(device) == before
    print(sentence)
    return sentence


@pytest.mark.parametrize("path, pattern", [
    ("/dev/no-such-disk", r"no such device; tools/write lists the disks$"),
    ("/dev/null", r"/dev/null is not a block device"),
    ("/", r"/ is not a block device"),
])
def test_no_disk_at_all(path, pattern):
    refused(path, pattern)


def test_plain_file(tmp_path):
    refused(rig.disk_file(tmp_path), "is a plain file, not a disk; if it is meant, add --file$")


def test_small_file(tmp_path):
    small = rig.disk_file(tmp_path, size=15 * rig.MIB)
    refused(small, r"too small: 15728640 bytes, and 16777216 are needed$", "--file")


def test_file_behind_a_loop_device(tmp_path, loops):
    path = rig.disk_file(tmp_path)
    device = loops.attach(path)
    refused(path, f"is in use as {device}; .*losetup -d {device}$", "--file")


def test_the_image_itself(tmp_path):
    same = images.copy(rig.image(), tmp_path / "same.img")
    rig.sentence(rig.run(same, same, "--file"), "is the image itself$")


@pytest.mark.parametrize("damage, pattern", [
    ({510: b"\0\0"}, "first sector does not end in 55 AA"),
    ({512: b"X"}, r"not a Coldstart image: no stage 2 \(COLDSTG2\)"),
    ({1024 * 512: b"X"}, r"not a Coldstart image: no stage 2 \(COLDSTG2\)"),
])
def test_not_an_image(tmp_path, damage, pattern):
    bad = images.copy(rig.image(), tmp_path / "bad.img")
    images.poke(bad, damage)
    disk = rig.disk_file(tmp_path)
    before = rig.digest(disk)
    rig.sentence(rig.run(disk, bad, "--file"), pattern)
    assert rig.digest(disk) == before


@pytest.mark.parametrize("data, pattern", [
    (b"", "not whole sectors"), (bytes(700), "not whole sectors"), (None, "No such file")])
def test_no_image(tmp_path, data, pattern):
    path = tmp_path / "no.img"
    if data is not None:
        path.write_bytes(data)
    rig.sentence(rig.run(rig.disk_file(tmp_path), path, "--file"), pattern)
    rig.sentence(rig.run(rig.disk_file(tmp_path), tmp_path, "--file"), "not a file$")


def test_partition(tmp_path, loops):
    device = loops.attach(rig.disk_file(tmp_path, table=rig.TABLE))
    part = rig.need_partitions(device)
    refused(part, f"{part} is a partition; .* the whole disk: {device}$")


def test_mounted(tmp_path, loops):
    path = rig.disk_file(tmp_path, table=rig.TABLE)
    device = loops.attach(path)
    part = rig.need_partitions(device)
    subprocess.run(["mkfs.ext4", "-q", part], check=True, capture_output=True)
    place = loops.mount(part, tmp_path / "it is here")
    before = rig.digest(path)
    refused(device, f"{device} is mounted: '{place}'; first: umount '{place}'$")
    assert rig.digest(path) == before


def test_in_use(tmp_path, loops):
    device = loops.attach(rig.disk_file(tmp_path))
    holder = os.open(device, os.O_RDWR | os.O_EXCL)
    try:
        refused(device, "is in use by something that lsblk does not show")
    finally:
        os.close(holder)


def test_read_only(tmp_path, loops):
    refused(loops.attach(rig.disk_file(tmp_path), "--read-only"), "is read-only: look for a write")


def test_small_disk(tmp_path, loops):
    device = loops.attach(rig.disk_file(tmp_path, size=15 * rig.MIB))
    refused(device, r"is too small: 15728640 bytes, and 16777216 are needed; take a larger")


def test_large_sectors(tmp_path, loops):
    device = loops.attach(rig.disk_file(tmp_path), "--sector-size", "4096")
    refused(device, "has sectors of 4096 bytes; .* only from those of 512")


def test_nothing_behind_it(loops):
    free = subprocess.run(["losetup", "--find"], text=True, capture_output=True)
    if free.returncode != 0:
        pytest.skip("no loop devices here")
    refused(free.stdout.strip(), "has no file behind it")


def test_no_permission(tmp_path, loops):
    device = loops.attach(rig.disk_file(tmp_path))
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        image = images.copy(rig.image(), pathlib.Path(folder) / "any.img")
        try:
            result = rig.run(device, image, user=NOBODY)
        except PermissionError:
            pytest.skip("the build is in a folder that other users cannot enter")
    rig.sentence(result, f"{device}: no permission to write to it; try it as root")


def test_the_disk_of_this_machine():
    """The real one: whatever / is on here, under however many layers."""
    known = subprocess.run(["lsblk", "--json", "--output", "PATH,TYPE,MOUNTPOINTS"], text=True,
                           capture_output=True)
    tree = json.loads(known.stdout)["blockdevices"] if known.returncode == 0 else []

    def has_root(node):
        return "/" in node["mountpoints"] or any(map(has_root, node.get("children", [])))
    disks = [node["path"] for node in tree if node["type"] == "disk" and has_root(node)]
    if not disks:
        pytest.skip("lsblk shows no disk here that / is on")
    refused(disks[0], r"is a disk of the running system \(.*\); take another disk$", "--dry-run")


@pytest.mark.parametrize("mount", ["/", "/boot", "/usr", "[SWAP]"])
def test_system_under_layers(tmp_path, loops, mount):
    """/ on LVM on encryption on a partition: told by a lsblk of our own, for device-mapper is not
    to be had everywhere. The device is a loop device that lsblk calls a disk."""
    device = loops.attach(rig.disk_file(tmp_path))
    disk = {"KNAME": "vda", "PATH": device, "MAJ:MIN": rig.number(device), "SIZE": str(20 * rig.MIB)}
    lines = [disk] + [{"KNAME": name if name.startswith("dm") else f"vda{name}", "TYPE": kind,
                       "PKNAME": parent, "MAJ:MIN": f"250:{index}", "SIZE": "1048576"}
                      for index, (kind, name, parent) in enumerate(LAYERS)]
    lines[-1]["MOUNTPOINTS"] = f"{mount}\\x0a/srv"
    search = rig.lsblk_says(tmp_path, lines)
    refused(device, r"is a disk of the running system \(.*/srv\)", search=search)
    lines[-1]["MOUNTPOINTS"] = ""
    refused(device, "is in use by /dev/dm-0 /dev/dm-1; stop that first",
            search=rig.lsblk_says(tmp_path, lines))


@pytest.mark.parametrize("columns, pattern", [
    ({"TYPE": "rom"}, "is a CD or DVD drive"),
    ({"TYPE": "raid1", "PKNAME": "sda"}, r"is not a disk but made of one \(raid1\)"),
    ({"SIZE": "0", "RM": "1"}, "has no medium in it; insert one"),
    ({"MAJ:MIN": "1:1"}, "lsblk does not know it"),
])
def test_other_kinds(tmp_path, loops, columns, pattern):
    """Drives that this machine has not got: told by a lsblk of our own, as above."""
    device = loops.attach(rig.disk_file(tmp_path))
    line = {"KNAME": "sdz", "MAJ:MIN": rig.number(device), "SIZE": str(20 * rig.MIB), **columns}
    refused(device, pattern, search=rig.lsblk_says(tmp_path, [line]))


def test_no_lsblk(tmp_path, loops):
    device = loops.attach(rig.disk_file(tmp_path))
    refused(device, "lsblk of util-linux", search=rig.command(tmp_path, "lsblk", "exit 1"))


@pytest.mark.parametrize("words", [["--fast"], ["a", "b", "c"], ["--yes"]])
def test_misused(words):
    result = rig.run(*words)
    assert result.status == 2 and "--help" in result.err
