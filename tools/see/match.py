# SPDX-License-Identifier: MIT
"""Which parts of an image are those of a build folder, byte for byte: only their symbols are true."""
import pathlib
import re
import struct

from see import disk_map
from vmlib.elf_edit import Elf
from vmlib.fat_edit import SECTOR

STAGE1_CODE = slice(0x5A, 0x1B2)  # include/boot/disk_layout.h: behind the BPB, up to the parameters
KERNEL_LINE = re.compile(r"(?m)^[ \t]*kernel[ \t]*=[ \t]*(\S+)")
PT_LOAD, EXECUTABLE = 1, 5
FILES = {"stage1": "stage1.bin", "stage2": "stage2.bin", "kernel": "kernel.elf"}


def parts(image, build):
    """("stage1", "stage2", "kernel") as far as they match, in this order."""
    build = pathlib.Path(build)
    with open(image, "rb") as disk:
        found = {"stage1": sector(disk)[STAGE1_CODE], "stage2": stage2(disk),
                 "kernel": kernel(image, disk)}
    built = {part: (build / name).read_bytes() for part, name in FILES.items()
             if (build / name).exists()}
    built["stage1"] = built.get("stage1", b"")[STAGE1_CODE]
    built["kernel"] = code(built.get("kernel", b""))
    return tuple(part for part in FILES if found[part] and found[part] == built.get(part))


def sector(disk, lba=0, count=1):
    disk.seek(lba * SECTOR)
    return disk.read(count * SECTOR)


def stage2(disk):
    """Copy A, from where the boot sector says that it is."""
    copy_a, _, sectors = struct.unpack_from("<HHH", sector(disk), disk_map.STAGE1_PARAMETERS)
    return sector(disk, copy_a, sectors)


def kernel(image, disk):
    """The code of the kernel that coldstart.cfg names; empty when it is not there."""
    areas = disk_map.areas(image)
    config = contents(disk, areas, "/coldstart.cfg").decode("utf-8", "replace")
    named = KERNEL_LINE.search(config)
    return code(contents(disk, areas, named.group(1))) if named else b""


def contents(disk, areas, path):
    return b"".join(sector(disk, first, last - first + 1) for one, _, first, last in areas
                    if one.lower() == path.lower())


def code(raw):
    """The bytes of an ELF's segment of code: stripping leaves it alone."""
    if raw[:4] != b"\x7fELF":
        return b""
    elf = Elf(raw)
    for index in range(elf.get("phnum")):
        if elf.segment_get(index, "type") == PT_LOAD and elf.segment_get(index, "flags") == EXECUTABLE:
            offset, count = elf.segment_get(index, "offset"), elf.segment_get(index, "filesz")
            return raw[offset:offset + count]
    return b""
