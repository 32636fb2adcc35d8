# SPDX-License-Identifier: MIT
"""Disks that the loader is not put on, and files that are not taken back: each refused in one
sentence, with nothing written; and what the program advises leads to a disk that boots."""
import json
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest

import installing
import rig
from installing import DUMMY, TABLE, boot, disk, done, head, install, uninstall
from vmlib import images, paths

GRUB = pathlib.Path("/usr/lib/grub/i386-pc")


def refused(path, pattern, result=None):
    """Status 1, the sentence, and not a byte of the disk changed, nor a file left."""
    before = path.read_bytes()
    result = result or install(path)
    assert result.status == 1, result
    assert re.search(pattern, result.err), result.err
    assert path.read_bytes() == before, "a disk that was refused has changed"
    assert not path.with_suffix(".saved").exists()
    return result.err


def entry(index):
    return TABLE + 16 * index


def advice(said):
    """The commands that a refusal prints, as one script."""
    return "\n".join(line.strip() for line in said.splitlines() if line.startswith("    "))


def obey(said, folder, number=None):
    script = advice(said)
    if number is not None:
        script = re.sub(r"\bN$", str(number), script, flags=re.MULTILINE)
    subprocess.run(["sh", "-e", "-c", script], cwd=folder, check=True, capture_output=True)


# ---- tables

def test_gpt(tmp_path):
    path = tmp_path / "disk.img"
    with open(path, "wb") as file:
        file.truncate(16 << 20)
    rig.partition(path, "label: gpt\nsize=8192\n")
    refused(path, "the disk has a GPT")
    images.poke(path, {0: bytes(512), 512: bytes(512)})
    refused(path, r"the last sector, 32767, is the backup header of a GPT")


def test_no_table(tmp_path):
    path = disk(tmp_path, patch={510: b"\0\0"})
    refused(path, "the disk has no partition table")
    with open(path, "wb") as file:
        file.truncate(16 << 20)
    images.run("mkfs.fat", path)
    refused(path, "one file system begins in sector 0")


def test_partitions_that_overlap(tmp_path):
    path = disk(tmp_path, patch={entry(1) + 8: (2100).to_bytes(4, "little")})
    refused(path, "partitions 1 and 2 overlap")


@pytest.mark.parametrize("start, numbers", [(63, "62 sectors, 62 of them free"),
                                            (130, "129 sectors, 129 of them free")])
def test_a_gap_that_is_too_small(tmp_path, start, numbers):
    path = disk(tmp_path, start=start)
    said = refused(path, f"too small: {numbers}; the loader needs two pieces of 65",
                   install(path, pair=DUMMY))
    assert "sector 2048" in said


def test_no_room_for_an_upgrade(tmp_path):
    path = disk(tmp_path, start=200)
    done(install(path, pair=DUMMY))
    before = path.read_bytes()
    again = install(path, tmp_path / "second.saved")
    assert again.status == 1 and "Take it away first" in again.err
    assert path.read_bytes() == before
    done(uninstall(path))
    done(install(path, tmp_path / "second.saved"))


# ---- what is in the gap

def grub(path, tmp_path, loops):
    """GRUB itself, by its own program, on the disk."""
    setup = GRUB / "grub-bios-setup"
    if not setup.exists() or not shutil.which("grub-mkimage"):
        pytest.skip("GRUB is not installed (grub-pc-bin, grub-common)")
    volume = tmp_path / "volume.img"
    with open(volume, "wb") as file:
        file.truncate(8 << 20)
    images.run("mkfs.ext2", "-q", volume)
    disk_device, volume_device = loops.attach(path), loops.attach(volume)
    folder = loops.mount(volume_device, tmp_path / "mounted")
    shutil.copy(GRUB / "boot.img", folder)
    images.run("grub-mkimage", "-O", "i386-pc", "-o", folder / "core.img", "-p", "/boot/grub",
               "biosdisk", "part_msdos", "fat", "normal")
    names = tmp_path / "device.map"
    names.write_text(f"(hd0) {disk_device}\n(hd1) {volume_device}\n")
    images.run(setup, "--skip-fs-probe", "-d", folder, "-m", names, disk_device)
    return disk_device


def test_grub_is_left_alone(tmp_path, loops):
    path = disk(tmp_path)
    device = grub(path, tmp_path, loops)
    before = path.read_bytes()
    result = rig.run("--install", device, "--yes", device.rsplit("/", 1)[1], "--saved",
                     tmp_path / "disk.saved")
    rig_says = r"between sector 1 and sector \d+: GRUB's core image, which boots this disk"
    assert result.status == 1 and re.search(rig_says, result.err), result
    assert path.read_bytes() == before


@pytest.mark.parametrize("lba, data, owner", [
    (1, b"LABELONE", "between sector 1 and sector 1: a label of LVM"),
    (8, bytes.fromhex("fc4e2ba901000000"), "sector 8: a member of a Linux RAID"),
    (2047, b"\1", "between sector 2047 and sector 2047$"),
])
def test_a_gap_that_is_not_free(tmp_path, lba, data, owner):
    path = disk(tmp_path, patch={lba * 512: data})
    said = refused(path, "the gap in front of the first partition is not free")
    assert re.search(owner, said, re.MULTILINE), said


# ---- what the loader would find

def test_from_a_bare_partition_to_a_boot(tmp_path):
    """As a user would: do what is said until it works."""
    path = disk(tmp_path, files=False, patch={entry(0): b"\0"})
    said = refused(path, "error E22: no active partition")
    obey(said, tmp_path, number=1)
    said = refused(path, "error E34: file not found, /coldstart.cfg")
    assert f"{path}@@1048576" in said
    obey(said, tmp_path)
    images.put(path, images.config("exit"), "/coldstart.cfg")
    done(install(path))
    assert boot(path) == "coldstart"


def test_two_active_partitions(tmp_path):
    path = disk(tmp_path, patch={entry(1): b"\x80"})
    said = refused(path, "error E23: more than one active partition")
    obey(said, tmp_path, number=1)
    done(install(path))


def test_an_active_partition_that_is_not_fat(tmp_path):
    refused(disk(tmp_path, patch={entry(0) + 4: b"\x83"}), "error E24: ")
    refused(disk(tmp_path, patch={2048 * 512: bytes(512)}), "error E30: ")


@pytest.mark.parametrize("files, line", [
    ({"/coldstart.cfg": "kernel /boot/kernel.elf\n"}, r"error E40: .*/coldstart.cfg line 1"),
    ({"/coldstart.cfg": "kernel = /boot/other.elf\n"}, "error E34: .*/boot/other.elf"),
    ({"/coldstart.cfg": "kernel = /boot/kernel.elf\ncrc32c = /boot/kernel.elf 00000000\n"},
     "error E60: "),
    ({"/boot/kernel.elf": "no kernel"}, "error E5|error E37"),
])
def test_files_that_would_not_boot(tmp_path, files, line):
    path = disk(tmp_path)
    for name, data in files.items():
        images.put(path, data, name)
    refused(path, f"the loader would not boot this disk, and say: {line}")


# ---- the files of this machine

def test_a_pair_that_is_none(tmp_path):
    path = disk(tmp_path)
    refused(path, "not sealed together", install(path, pair=(paths.STAGE1, DUMMY[1])))
    refused(path, "wrong length", install(path, pair=(paths.STAGE2, paths.STAGE2)))
    refused(path, "No such file", install(path, pair=(tmp_path / "none", paths.STAGE2)))


def test_the_saved_file_has_no_place(tmp_path):
    path = disk(tmp_path)
    taken = tmp_path / "taken"
    taken.write_text("mine")
    refused(path, "is there already", install(path, taken))
    assert taken.read_text() == "mine"
    refused(path, "is there already", install(path, path))
    refused(path, "cannot be saved, so nothing was written", install(path, tmp_path / "no/folder"))
    full = pathlib.Path("/dev/full")
    if full.exists():
        link = tmp_path / "link"
        link.symlink_to(full)
        refused(path, "is there already", install(path, link))


def test_the_saved_file_would_lie_on_the_disk(tmp_path, loops):
    """A file is mounted, and the old sectors would go onto the file system in it."""
    path = disk(tmp_path)
    with open(path, "r+b") as file:
        images.run("mkfs.ext2", "-q", "-E", f"offset={installing.SECOND_START * 512}", "-F", path,
                   "4096k")
        assert file
    device = loops.attach(path, "--offset", str(installing.SECOND_START * 512))
    folder = loops.mount(device, tmp_path / "mounted")
    before = head(path)
    result = install(path, folder / "old.saved")
    assert result.status == 1 and re.search("in use|lie on the disk", result.err), result
    assert head(path) == before


# ---- changed under its hands

def test_the_disk_changes_while_it_asks(tmp_path):
    """The second time that the disks are listed, just before the question, somebody partitions."""
    path = disk(tmp_path)
    real = shutil.which("lsblk")
    script = (f"[ -e {tmp_path}/once ] && printf x | dd of={path} bs=1 seek={TABLE + 62} "
              f"conv=notrunc status=none\n: >{tmp_path}/once\nexec {real} \"$@\"")
    search = rig.command(tmp_path, "lsblk", script)
    result = install(path, search=search)
    assert result.status == 1 and re.search(
        "sector 0 is not what was read a moment ago.*nothing was written", result.err), result
    assert head(path)[:512] != head(installing.base())[:512]
    assert head(path)[512:] == head(installing.base())[512:]
    assert not path.with_suffix(".saved").exists()


# ---- taking back

def test_files_of_other_disks(tmp_path):
    path = disk(tmp_path)
    done(install(path))
    larger = tmp_path / "larger.img"
    images.copy(path, larger)
    with open(larger, "r+b") as file:
        file.truncate((16 << 20) + 512)
    other = disk(tmp_path, name="other.img", patch={installing.SIGNATURE: b"\1\2\3\4"})
    saved = path.with_suffix(".saved")
    for name, pattern in ((larger, "saved from a disk of 16777216 bytes"),
                          (disk(tmp_path, name="o.img", boots="nothing"), "sector 0 is neither")):
        refused(name, pattern, uninstall(name, saved))
    images.poke(other, {0: bytes(440)})
    refused(other, "with the signature 5eed0001, and this one has 04030201",
            uninstall(other, saved))
    spoilt = bytearray(saved.read_bytes())
    spoilt[600] ^= 1
    refused(larger, "damaged", uninstall(larger, images.store(spoilt)))
    refused(larger, "does not begin with COLDSAVE", uninstall(larger, paths.STAGE1))
    refused(larger, "No such file", uninstall(larger, tmp_path / "none"))


def test_a_disk_that_was_partitioned_since(tmp_path):
    """The table of now is kept, and so is what boots; the advice gives back the code alone."""
    path = disk(tmp_path)
    done(install(path))
    images.poke(path, {entry(1): bytes(16)})
    now = head(path)
    result = uninstall(path)
    assert result.status == 1 and "the partition table or the disk signature" in result.err
    assert head(path) == now
    obey(result.err, tmp_path)
    assert boot(path) == "old"
    assert head(path)[440:512] == now[440:512]


def test_a_sector_that_is_somebodys_now(tmp_path):
    path = disk(tmp_path)
    done(install(path))
    images.poke(path, {1030 * 512: b"somebody"})
    now = path.read_bytes()
    result = uninstall(path)
    assert result.status == 1 and "sector 1030 is neither" in result.err
    assert path.read_bytes() == now


# ---- the words

@pytest.mark.parametrize("words", [
    ["--install"], ["--uninstall", "disk"], ["--install", "--uninstall", "disk"],
    ["--install", "disk", "image"], ["disk", "--saved", "file"], ["--saved", "file"]])
def test_misused(words):
    assert rig.run(*words).status == 2


def test_as_json(tmp_path):
    path = disk(tmp_path)
    good = install(path, more=["--json"])
    assert good.status == 0 and good.events("installed") and good.events("saved")
    bad = uninstall(path, tmp_path / "none", more=["--json"])
    assert [json.loads(line)["event"] for line in bad.out.splitlines()] == ["refused"]


def test_advice_is_for_a_shell(tmp_path):
    """A name with a blank in it is still one word."""
    folder = tmp_path / "somebody's disk"
    folder.mkdir()
    path = disk(folder, files=False)
    said = refused(path, "error E34")
    assert shlex.split(advice(said).splitlines()[1])[2] == f"{path}@@1048576"
