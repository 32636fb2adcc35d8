# SPDX-License-Identifier: MIT
"""Sticks with a Coldstart volume that is smaller than they are: made, filled, grown, read."""
import functools
import os
import pathlib
import re
import struct
import tempfile

import rig
from vmlib import images, paths

SECTOR, MIB, GIB = 512, 1 << 20, 1 << 30
FIRST = 2048
TABLE = 0x1BE
MTOOLS = {**os.environ, "LC_ALL": "C.UTF-8", "MTOOLS_SKIP_CHECK": "1", "TZ": "UTC"}
LONG = "A name of two hundred letters " + "x" * 160 + ".text"
# What a user may have on a stick: long names, other alphabets, folders in folders, one that is
# longer than a cluster, nothing at all.
FILES = {
    "plain.txt": b"plain\n",
    "empty": b"",
    "Ünïcödé ☃ name.txt": b"snow\n",
    LONG: b"long\n" * 300,
    "A folder with a long name/Inner Folder/deep file.bin": bytes(range(256)) * 1000,
    "A folder with a long name/second.text": b"2\n",
    "BIG.BIN": b"".join(b"%08d" % number for number in range(200_000)),
}


def mtools(*words, **options):
    return images.run(*words, env=MTOOLS, **options)


def volume(path):
    return f"{path}@@{FIRST * SECTOR}"


@functools.lru_cache(maxsize=None)
def source():
    """The files on this machine, with times that FAT can hold."""
    folder = pathlib.Path(images.folder()) / "grow-source"
    for number, (name, data) in enumerate(FILES.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_000_000_000 + 86400 * 100 * number,) * 2)
    return folder


@functools.lru_cache(maxsize=None)
def small(size, fat):
    """An image with files on it; copies of it are changed."""
    path = images.changed(config=images.config("exit"), fat=fat, size=size)
    mtools("mcopy", "-s", "-m", "-i", volume(path), *sorted(source().iterdir()), "::/")
    mtools("mmd", "-i", volume(path), "::/An empty folder")
    mtools("mattrib", "+h", "+s", "-i", volume(path), "::/plain.txt")
    mtools("mattrib", "+r", "-a", "-i", volume(path), "::/BIG.BIN")
    return path


def stick(folder, size=GIB, patch=None, image_size="64M", fat=None):
    """The image on a larger stick, which holds old bytes behind it."""
    path = folder / "stick.img"
    images.copy(small(image_size, fat), path)
    end = path.stat().st_size
    os.truncate(path, size)
    images.poke(path, {end: rig.old_bytes(min(MIB, size - end)), **(patch or {})})
    return path


def grow(path, *more, saved=None, **faults):
    """The Result of growing it, the old volume saved beside it."""
    saved = saved or path.with_suffix(".saved")
    kind = [] if path.is_block_device() else ["--file"]
    return rig.run("--grow", path, *kind, "--yes", path.name, "--saved", saved, *more, **faults)


def contents(path):
    """({path: bytes}, names, attributes, the list with sizes and times) of all on the volume."""
    listed = mtools("mdir", "-/", "-a", "-i", volume(path), "::/")
    names = mtools("mdir", "-/", "-b", "-a", "-i", volume(path), "::/").splitlines()
    attributes = mtools("mattrib", "-/", "-i", volume(path), "::/").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        mtools("mcopy", "-s", "-n", "-i", volume(path), "::/", folder)
        files = {str(one.relative_to(folder)): one.read_bytes()
                 for one in pathlib.Path(folder).rglob("*") if one.is_file()}
    free = re.compile(r"^ *[\d ]+ bytes free$", re.MULTILINE)
    return files, names, attributes, free.sub("", listed)


def entry(path, index=0):
    """(status, first CHS, type, last CHS, first sector, sectors) of a partition."""
    with open(path, "rb") as file:
        file.seek(TABLE + 16 * index)
        return struct.unpack("<B3sB3sII", file.read(16))


def first_mib(path):
    with open(path, "rb") as file:
        return file.read(MIB)


def boot_sector(path):
    with open(path, "rb") as file:
        file.seek(FIRST * SECTOR)
        return file.read(SECTOR)


def is_sound(path, folder):
    """fsck.fat on the grown volume, which needs a file of its own: one that is all holes but it."""
    alone = folder / "volume.alone"
    images.run("dd", f"if={path}", f"of={alone}", "bs=1M", "skip=1", "conv=sparse")
    images.run("fsck.fat", "-n", alone)
    alone.unlink()
