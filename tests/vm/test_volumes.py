#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""FAT12, FAT16 and FAT32; fragmented files, long names, deep folders; images edited with mtools."""
import zlib

import pytest

from vmlib import boots, images, paths, probe_elf
from vmlib.fat_edit import Fat

KIB, MIB = 1024, 1024 * 1024
FATS = [12, 16, 32]
KERNEL = "/boot/kernel.elf"
CALLS_PER_MIB, CALLS_MORE = 17, 60


def image(fat, elf, config=None, **options):
    return images.changed(config=config or images.config(""), kernel=elf.bytes(), fat=fat,
                          **options)


@pytest.mark.parametrize("fat", FATS)
def test_kind_of_fat(fat):
    disk = image(fat, probe_elf.probe(file_bytes=MIB))
    with Fat(disk) as volume:
        assert volume.bits == fat, "mkimage made another kind"
    found = boots.probe(disk)
    assert f"FAT{fat}" in found["serial"]


@pytest.mark.parametrize("fat", FATS)
def test_every_cluster_elsewhere(fat):
    """The file lies backwards on the disk: no two clusters are neighbours, and it still boots."""
    disk = image(fat, probe_elf.probe(file_bytes=600 * KIB))
    with Fat(disk) as volume:
        clusters = volume.reverse(KERNEL)
    found = boots.probe(disk)
    print(f"FAT{fat}: {clusters} clusters backwards, {found['disk_reads']} read calls")


@pytest.mark.parametrize("fat", FATS)
def test_contiguous_clusters_are_merged(fat):
    size = 4 * MIB
    found = boots.probe(image(fat, probe_elf.probe(file_bytes=size)))
    print(f"FAT{fat}: {found['disk_reads']} read calls for 4 MiB")
    assert found["disk_reads"] <= CALLS_PER_MIB * size // MIB + CALLS_MORE


@pytest.mark.parametrize("fat", FATS)
def test_deep_folders(fat):
    folders = ["/One_Folder_With_A_Long_Name", "/another.one", "/x"]
    disk = images.changed(config=images.config("", kernel="".join(folders) + "/kernel.elf"),
                          fat=fat)
    for depth in range(len(folders)):
        images.run("mmd", "-i", f"{disk}{images.PARTITION}", "::" + "".join(folders[:depth + 1]))
    images.put(disk, probe_elf.probe().bytes(), "".join(folders) + "/kernel.elf")
    boots.probe(disk)


def test_long_name_without_blanks():
    name = "/Boot_Files/The.Quite.Long.Kernel.Name-2.elf"
    disk = images.changed(config=images.config("", kernel=name.lower()))
    images.run("mmd", "-i", f"{disk}{images.PARTITION}", "::/Boot_Files")
    images.put(disk, probe_elf.probe().bytes(), name)
    boots.probe(disk)


def test_name_beyond_ascii():
    name = "/käse-ядро.elf"
    disk = images.changed(config=images.config("", kernel=name))
    images.run("mcopy", "-o", "-i", f"{disk}{images.PARTITION}",
               images.store(probe_elf.probe().bytes()), f"::{name}",
               env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
    boots.probe(disk)


def test_full_folder():
    """The kernel is the last of many entries, behind deleted ones."""
    disk = images.changed()
    names = [f"/boot/filler with a long name {number}.txt" for number in range(150)]
    for name in names:
        images.put(disk, b"x", name)
    images.remove(disk, "/boot/kernel.elf", *names[:50])
    images.put(disk, images.config("", kernel="/boot/last.elf"), "/coldstart.cfg")
    images.put(disk, probe_elf.probe().bytes(), "/boot/last.elf")
    boots.probe(disk)


def test_edit_as_the_readme_says():
    """mcopy -i IMAGE@@1M my.cfg ::/coldstart.cfg, and nothing else."""
    disk = images.copy(paths.IMAGE, images.fresh(".img"))
    with Fat(disk) as volume:
        kernel = volume.entry(KERNEL)
    assert kernel[2] > 0
    images.run("mcopy", "-o", "-i", f"{disk}@@1M", images.store(images.config("exit")),
               "::/coldstart.cfg")
    boots.ready(disk)


def test_module_over_many_fragments():
    data = bytes(range(251)) * 4000
    disk = images.changed(config=images.config("", module="/data.bin"),
                          kernel=probe_elf.probe().bytes(), files={"/data.bin": data})
    with Fat(disk) as volume:
        volume.reverse("/data.bin")
    assert boots.modules(boots.probe(disk)["serial"]) == [("data.bin", len(data), zlib.crc32(data))]
