# SPDX-License-Identifier: MIT
"""A small loader that lies: QEMU puts the kernel and any bytes into memory, and starts a program of
three instructions that jumps to one of the kernel's two foreign entries with registers of our choice.
"""
import struct

from vmlib import images, paths, symbols
from vmlib.qemu import Qemu

KERNEL_BASE, KERNEL_PHYS = 0xFFFFFFFF80000000, 0x200000
LOADER_PHYS = 0x1800000  # where no BIOS leaves anything
BLOCK_PHYS = 0x1900000
MULTIBOOT2_MAGIC = 0x36D76289
PVH_MAGIC = 0x336EC578
RAM, RESERVED = 1, 2
MIB = 1 << 20


def entry(name):
    """The physical address of a label of the kernel."""
    return symbols.table(paths.BUILD / "kernel.sym")[name] - KERNEL_BASE + KERNEL_PHYS


def jump(eax, ebx, target):
    """An ELF64 file with a PVH note whose code sets two registers and jumps."""
    code = struct.pack("<BIBI", 0xB8, eax, 0xBB, ebx)
    code += struct.pack("<BI", 0xE9, (target - LOADER_PHYS - len(code) - 5) & 0xFFFFFFFF)
    note = struct.pack("<III4sI", 4, 4, 18, b"Xen\0", LOADER_PHYS)
    headers = 64 + 2 * 56
    elf = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, 62, 1, LOADER_PHYS, 64, 0, 0,
                      64, 56, 2, 0, 0, 0)
    elf += struct.pack("<IIQQQQQQ", 1, 5, headers, LOADER_PHYS, LOADER_PHYS, len(code), len(code), 1)
    elf += struct.pack("<IIQQQQQQ", 4, 4, headers + len(code), 0, 0, len(note), len(note), 4)
    return elf + code + note


def tag(kind, body=b"", size=None):
    data = struct.pack("<II", kind, 8 + len(body) if size is None else size) + body
    return data + bytes(-len(data) % 8)


def text_tag(kind, text):
    return tag(kind, text.encode() + b"\0")


def memory_entry(base, length, kind=RAM):
    return struct.pack("<QQII", base, length, kind, 0)


GOOD_MEMORY = [memory_entry(0, 0x9F000), memory_entry(MIB, 63 * MIB)]


def memory_tag(entries=tuple(GOOD_MEMORY)):
    return tag(6, struct.pack("<II", 24, 0) + b"".join(entries))


def module_tag(start, end, text="m"):
    return tag(3, struct.pack("<II", start, end) + text.encode() + b"\0")


def block(*tags, end=True):
    """An information block of Multiboot2."""
    body = b"".join(tags) + (tag(0) if end else b"")
    return struct.pack("<II", 8 + len(body), 0) + body


def start_info(memory=tuple(GOOD_MEMORY), version=1, magic=PVH_MAGIC, modules=(0, 0), cmdline=0,
               memory_count=None):
    """A start info of PVH, its memory map behind it."""
    count = len(memory) if memory_count is None else memory_count
    return struct.pack("<IIIIQQQQII", magic, version, 0, modules[0], modules[1], cmdline, 0,
                       BLOCK_PHYS + 56, count, 0) + b"".join(memory)


def machine(name, data, eax=MULTIBOOT2_MAGIC, ebx=BLOCK_PHYS, at=BLOCK_PHYS, memory=64, **options):
    """The machine that enters the kernel at a label with these bytes in memory."""
    loader = images.store(jump(eax, ebx, entry(name)), ".elf")
    words = ["-kernel", str(loader), "-device", f"loader,file={paths.KERNEL}"]
    if data:
        words += ["-device", f"loader,file={images.store(data)},addr={at:#x},force-raw=on"]
    return Qemu(None, memory=memory, extra=words, **options)
