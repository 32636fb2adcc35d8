#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A damaged FAT volume or partition table ends in its own sentence; nothing loops for ever."""
import struct

import pytest

from vmlib import boots, images, probe_elf
from vmlib.fat_edit import PARTITION_LBA, SECTOR, Fat

KERNEL = "/boot/kernel.elf"
TABLE, ENTRY = 0x1BE, 16
BPB = PARTITION_LBA * SECTOR
FATS = [12, 16, 32]
KERNEL_BYTES = 320 * 1024  # some clusters, however large they are


def entry(index, status=0x80, kind=0x0C, first=PARTITION_LBA, sectors=1000):
    return struct.pack("<B3sB3sII", status, b"\0\0\0", kind, b"\0\0\0", first, sectors)


# name: (bytes to change at an offset of the image, status, what the line must say)
TABLES = {
    "no-active": ({TABLE: b"\0"}, "BOOT_E_NO_ACTIVE", "drive 80h"),
    "two-active": ({TABLE + ENTRY: entry(1, first=4096)}, "BOOT_E_MANY_ACTIVE", "drive 80h"),
    "bad-status": ({TABLE + ENTRY: b"\x13"}, "BOOT_E_PARTITION", "drive 80h"),
    "starts-at-0": ({TABLE + 8: bytes(4)}, "BOOT_E_PARTITION", ""),
    "no-sectors": ({TABLE + 12: bytes(4)}, "BOOT_E_PARTITION", ""),
    "linux-partition": ({TABLE + 4: b"\x83"}, "BOOT_E_PARTITION", ""),
    "beyond-the-disk": ({TABLE + 8: struct.pack("<I", 1 << 30)}, "BOOT_E_DISK_READ",
                        r"LBA 1073741824, INT 13h status [0-9A-F]{2}h"),
    "boot-sector-zero": ({BPB: bytes(SECTOR)}, "BOOT_E_NOT_FAT", f"LBA {PARTITION_LBA}"),
    "boot-sector-text": ({BPB: b"NTFS" * 128}, "BOOT_E_NOT_FAT", f"LBA {PARTITION_LBA}"),
    "bad-media": ({BPB + 21: b"\x00"}, "BOOT_E_NOT_FAT", ""),
    "sectors-of-4096": ({BPB + 11: struct.pack("<H", 4096)}, "BOOT_E_SECTOR_SIZE", ""),
    "sectors-of-1000": ({BPB + 11: struct.pack("<H", 1000)}, "BOOT_E_NOT_FAT", ""),
    "clusters-of-3": ({BPB + 13: b"\x03"}, "BOOT_E_FAT_GEOMETRY", ""),
    "clusters-of-0": ({BPB + 13: b"\x00"}, "BOOT_E_FAT_GEOMETRY", ""),
    "no-reserved": ({BPB + 14: bytes(2)}, "BOOT_E_FAT_GEOMETRY", ""),
    "too-many-tables": ({BPB + 16: b"\xFF"}, "BOOT_E_FAT_GEOMETRY", ""),
    "longer-than-partition": ({BPB + 19: bytes(2), BPB + 32: struct.pack("<I", 1 << 31)},
                              "BOOT_E_FAT_GEOMETRY", ""),
}


def test_backup_of_the_boot_sector_disagrees():
    """One bit of the boot sector, and nothing is where it was. FAT32 has a second opinion."""
    reserved = BPB + 14
    with open(images.base(), "rb") as file:
        file.seek(reserved)
        value = file.read(1)[0]
    boots.error(images.changed(patch={reserved: bytes([value ^ 0x40])}), "BOOT_E_FAT_GEOMETRY",
                f"LBA {PARTITION_LBA}, its backup at LBA {PARTITION_LBA + 6} differs")


@pytest.mark.parametrize("case", TABLES)
def test_bad_table_or_boot_sector(case):
    patch, status, details = TABLES[case]
    boots.error(images.changed(config=images.config("exit"), patch=patch), status, details)


def damaged(fat, damage):
    elf = probe_elf.probe(file_bytes=KERNEL_BYTES)
    image = images.changed(config=images.config(""), kernel=elf.bytes(), fat=fat)
    with Fat(image) as volume:
        assert volume.bits == fat
        damage(volume, volume.chain(volume.entry(KERNEL)[1]))
    return image


def half_way(value):
    return lambda volume, chain: volume.set_next(chain[len(chain) // 2], value(volume, chain))


# name: (damage, status); the chain of the kernel file is changed half-way
CHAINS = {
    "loop-to-start": (half_way(lambda volume, chain: chain[0]), "BOOT_E_FAT_LOOP"),
    "loop-to-itself": (half_way(lambda volume, chain: chain[len(chain) // 2]), "BOOT_E_FAT_LOOP"),
    "leaves-the-volume": (half_way(lambda volume, chain: volume.clusters + 2), "BOOT_E_FAT_CHAIN"),
    "free-cluster": (half_way(lambda volume, chain: 0), "BOOT_E_FAT_CHAIN"),
    "cluster-1": (half_way(lambda volume, chain: 1), "BOOT_E_FAT_CHAIN"),
    "bad-cluster": (half_way(lambda volume, chain: volume.end_mark() - 8), "BOOT_E_FAT_CHAIN"),
    "ends-early": (half_way(lambda volume, chain: volume.end_mark()), "BOOT_E_FAT_CHAIN"),
    "first-outside": (lambda volume, chain: volume.set_first_cluster(KERNEL, volume.clusters + 2),
                      "BOOT_E_FAT_CHAIN"),
    "first-is-0": (lambda volume, chain: volume.set_first_cluster(KERNEL, 0), "BOOT_E_FAT_CHAIN"),
    "larger-than-volume": (lambda volume, chain: volume.set_size(KERNEL, 0xFFFFFFFF),
                           "BOOT_E_FAT_CHAIN"),
}


@pytest.mark.parametrize("fat", FATS)
@pytest.mark.parametrize("case", CHAINS)
def test_bad_chain(case, fat):
    damage, status = CHAINS[case]
    boots.error(damaged(fat, damage), status, r"/boot/kernel\.elf, coldstart\.cfg line 1")


@pytest.mark.parametrize("fat", FATS)
def test_folder_that_loops(fat):
    def damage(volume, _):
        first = volume.entry("/boot")[1]
        volume.set_next(first, first)
        # No end mark, no kernel: the search goes on and on.
        for at in volume.folder_offsets_once(first):
            volume.write(at, b"FILLER  TXT\x20".ljust(32, b"\0"))
    boots.error(damaged(fat, damage), "BOOT_E_FAT_LOOP")


def test_a_size_that_was_damaged():
    """More than there is memory for, by one bit: a file that has a checksum is read before it is said
    that there is too little memory, and the file is at fault.
    """
    config = images.config("exit", module="/one.bin", crc32c="/one.bin 1a2b3c4d")
    image = images.changed(config=config, files={"/one.bin": bytes(5000)})
    with Fat(image) as volume:
        volume.set_size("/one.bin", 5000 | 1 << 25)
    boots.error(image, "BOOT_E_FAT_CHAIN", r"/one\.bin, coldstart\.cfg line 3", memory=32)


def bad_sector(once):
    """An image with a large kernel, and blkdebug rules that break one of its sectors."""
    image = damaged(32, lambda volume, chain: None)
    with Fat(image) as volume:
        chain = volume.chain(volume.entry(KERNEL)[1])
        lba = (volume.base + volume.cluster_offset(chain[len(chain) // 2])) // SECTOR
    return image, (f'[inject-error]\nevent = "read_aio"\nerrno = "5"\nsector = "{lba}"\n'
                   f'once = "{once}"\n')


def test_disk_error_in_the_kernel_file():
    image, rules = bad_sector("off")
    for disk in ("ide", "ahci"):
        line = boots.error(image, "BOOT_E_DISK_READ", r"LBA \d+, INT 13h status [0-9A-F]{2}h",
                           blkdebug=rules, drive_options="rerror=report", disk=disk)
        assert KERNEL in line


def test_disk_error_that_goes_away():
    """One failed read: repeated, counted, and the kernel whole."""
    image, rules = bad_sector("on")
    found = boots.probe(image, blkdebug=rules, drive_options="rerror=report", disk="ide")
    print(f"{found['disk_retries']} retries among {found['disk_reads']} reads")
    assert found["disk_retries"] >= 1
