# SPDX-License-Identifier: MIT
"""What lies where on an image's disk: the boot sector, stage 2's copies, and on the FAT volume the
tables, the folders and each file, piece by piece.
"""
import struct

from vmlib.fat_edit import DIRENT_BYTES, SECTOR, Fat

PARTITION_TABLE, ENTRY_BYTES, ENTRIES = 0x1BE, 16, 4
STAGE1_PARAMETERS = 0x1B2  # struct stage1_parameters: copy A, copy B, sectors
STAGE2_MAGIC = b"COLDSTG2"
FAT_TYPES = (0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E)
LONG_NAME, FOLDER, LABEL = 0x0F, 0x10, 0x08
FREE = (0x00, 0xE5)
DEEPEST = 8


def areas(image):
    """[(id, name, first LBA, last LBA)] in the order of the disk; a file has one for each piece."""
    with open(image, "rb") as file:
        sector = file.read(SECTOR)
        found = [("mbr", "boot sector: stage 1 and the partition table", 0, 0)]
        found += stage2_copies(file, sector)
    for index in range(ENTRIES):
        entry = sector[PARTITION_TABLE + index * ENTRY_BYTES:][:ENTRY_BYTES]
        first, count = struct.unpack_from("<II", entry, 8)
        if entry[4] in FAT_TYPES and count:
            found += volume_areas(image, first)
        elif entry[4]:
            found.append((f"partition{index + 1}", f"partition {index + 1}", first, first + count - 1))
    return sorted(found, key=lambda area: area[2])


def stage2_copies(file, sector):
    """Where stage 1 says that stage 2 lies, if it is there."""
    *copies, sectors = struct.unpack_from("<HHH", sector, STAGE1_PARAMETERS)
    for name, lba in zip("AB", copies):
        file.seek(lba * SECTOR)
        if file.read(len(STAGE2_MAGIC)) == STAGE2_MAGIC:
            yield f"stage2-{name.lower()}", f"stage 2, copy {name}", lba, lba + sectors - 1


def volume_areas(image, first):
    """Of one FAT volume; nothing of one whose boot sector makes no sense."""
    with Fat(image, first) as volume:
        yield "volume", "the volume's boot sector and reserved ones", first, first + volume.reserved - 1
        for index in range(volume.tables):
            at = first + volume.reserved + index * volume.table_sectors
            yield f"fat{index + 1}", f"FAT, copy {index + 1}", at, at + volume.table_sectors - 1
        if volume.data_lba > volume.root_lba:
            yield "root", "root folder", first + volume.root_lba, first + volume.data_lba - 1
        else:
            yield from pieces(volume, first, volume.root_cluster, None, "root", "root folder")
        yield from folder_areas(volume, first, volume.root_cluster, "", DEEPEST)


def folder_areas(volume, first, cluster, path, deepest):
    name = b""
    for offset in volume.folder_offsets(cluster):
        entry = volume.read(offset, DIRENT_BYTES)
        if entry[0] == 0:
            return
        if entry[11] == LONG_NAME and entry[0] not in FREE:
            name = entry[1:11] + entry[14:26] + entry[28:32] + (b"" if entry[0] & 0x40 else name)
            continue
        told, name = long_name(name) or short_name(entry), b""
        start = struct.unpack_from("<H", entry, 26)[0]
        start |= struct.unpack_from("<H", entry, 20)[0] << 16 if volume.bits == 32 else 0
        if entry[0] in FREE or entry[0] == ord(".") or entry[11] & LABEL or start == 0:
            continue
        inner = f"{path}/{told}"
        if entry[11] & FOLDER:
            yield from pieces(volume, first, start, None, inner, f"folder {inner}")
            if deepest:
                yield from folder_areas(volume, first, start, inner, deepest - 1)
        else:
            size = struct.unpack_from("<I", entry, 28)[0]
            yield from pieces(volume, first, start, size, inner, inner)


def pieces(volume, first, cluster, size, one, name):
    """The runs of clusters of one file or folder; of a file only the sectors that it fills."""
    sectors = None if size is None else (size + SECTOR - 1) // SECTOR
    runs = []
    for part in volume.chain(cluster):
        lba = first + volume.cluster_offset(part) // SECTOR
        count = volume.cluster_sectors if sectors is None else min(volume.cluster_sectors, sectors)
        if sectors is not None:
            sectors -= count
        if count and runs and runs[-1][1] + 1 == lba:
            runs[-1][1] += count
        elif count:
            runs.append([lba, lba + count - 1])
    for begin, end in runs:
        yield one, name, begin, end


def short_name(entry):
    base, extension = (entry[at:end].decode("cp437").rstrip().lower() for at, end in ((0, 8), (8, 11)))
    return f"{base}.{extension}" if extension else base


def long_name(raw):
    return raw.decode("utf-16-le", "replace").split("\0")[0].rstrip("\uffff")


def area_of(found, lba, count):
    """The ids of the areas that some sectors touch, in order; of what is none: "free"."""
    touched = [one for one, _, first, last in found if first < lba + count and lba <= last]
    return ", ".join(dict.fromkeys(touched)) or "free"
