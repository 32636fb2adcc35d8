# SPDX-License-Identifier: MIT
"""Disks with partitions that the loader is installed on: made, installed, booted, told apart.

Two loaders: the real one, and one whose stage 2 only reports where it was read from, so that a boot
tells which loader and which copy it was.
"""
import dataclasses
import functools
import re
import struct

import rig
from vmlib import images, paths
from vmlib.qemu import PASSED, Qemu

SECTOR, MIB = 512, 1024 * 1024
GAP = 2048  # sectors that an install may touch
HEAD = GAP * SECTOR
TABLE = 0x1BE
SIGNATURE = 0x1B8
OLD_BOOT = paths.BUILD / "tests" / "disk" / "old_boot.bin"
REAL = (paths.STAGE1, paths.STAGE2)
DUMMIES = {sectors: tuple(paths.BUILD / "tests" / "stage1" / f"stage{n}_{sectors}.bin"
                          for n in (1, 2)) for sectors in (1, 65, 128)}
DUMMY_SECTORS = 65
DUMMY = DUMMIES[DUMMY_SECTORS]
PARTITIONS = ("label: dos\nlabel-id: 0x{signature:x}\nstart={start}, size=16384, type=6, bootable\n"
              "start={second}, size=8192, type=83\n")
SECOND_START, SECOND_SECTORS = 20480, 8192


def second_data():
    """What partition 2 holds: no sector like another."""
    return b"".join(b"somebody's data, sector %07d " % lba * 16
                    for lba in range(SECOND_SECTORS))[:SECOND_SECTORS * SECTOR]


@functools.lru_cache(maxsize=None)
def base(start=2048, files=True, boots="old"):
    """A disk of two partitions with data on both; copies of it are changed."""
    path = images.fresh(".img")
    with open(path, "wb") as file:
        file.truncate(16 * MIB)
    rig.partition(path, PARTITIONS.format(signature=0x5EED0001, start=start, second=SECOND_START))
    images.run("mkfs.fat", "-F", "16", "-s", "1", "--offset", start, path, 8192)
    volume = f"{path}@@{start * SECTOR}"
    images.run("mcopy", "-i", volume, images.store("a letter\n" * 1000, ".txt"), "::/letter.txt")
    if files:
        put_files(volume)
    with open(path, "r+b") as file:
        if boots == "old":
            file.write(OLD_BOOT.read_bytes())
        file.seek(SECOND_START * SECTOR)
        file.write(second_data())
    return path


def put_files(volume):
    """What the loader needs on its volume."""
    images.run("mcopy", "-i", volume, images.store(images.config("exit"), ".cfg"),
               "::/coldstart.cfg")
    images.run("mmd", "-i", volume, "::/boot")
    images.run("mcopy", "-i", volume, paths.KERNEL, "::/boot/kernel.elf")


def disk(folder, patch=None, name="disk.img", **kind):
    """A disk of its own; patch {byte offset: bytes} is applied last."""
    path = folder / name
    images.copy(base(**kind), path)
    images.poke(path, patch or {})
    return path


def install(path, saved=None, pair=REAL, more=(), **faults):
    """The Result of installing, with the file for the old sectors beside the disk."""
    saved = saved or path.with_suffix(".saved")
    return rig.run("--install", path, "--file", "--yes", path.name, "--saved", saved,
                   "--stage1", pair[0], "--stage2", pair[1], *more, **faults)


def uninstall(path, saved=None, more=(), **faults):
    saved = saved or path.with_suffix(".saved")
    return rig.run("--uninstall", path, "--file", "--yes", path.name, "--saved", saved, *more,
                   **faults)


def done(result):
    """It went well; what it said."""
    assert result.status == 0 and result.err == "", result
    return result.out


def head(path):
    """The sectors that an install may touch."""
    with open(path, "rb") as file:
        return file.read(HEAD)


@dataclasses.dataclass
class Loader:
    """What a sector 0 of Coldstart reads: its two places, and how long a copy is."""
    places: tuple
    sectors: int


def loader(image_head):
    a, b, sectors = struct.unpack_from("<HHH", image_head, 0x1B2)
    return Loader((a, b), sectors)


def piece(image_head, lba, sectors):
    return image_head[lba * SECTOR:(lba + sectors) * SECTOR]


def boot(path, **options):
    """What a disk boots: "old", "coldstart", ("dummy", LBA of its copy), or stage 1's digits."""
    with Qemu(path, memory=64, **options) as vm:
        status = vm.wait_exit()
    if "the old boot sector" in vm.serial:
        end = "old"
    elif "coldstart: kernel ready" in vm.serial:
        end = "coldstart"
    else:
        found = re.search(r"stage2 drive=80 call=0040 copy=(\w+) ", vm.serial)
        assert found, vm.tail()
        end = "dummy", int(found.group(1), 16)
    assert status == PASSED, vm.tail()
    return end
