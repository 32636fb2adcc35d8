#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every kernel file that is not one is refused with its own sentence, before any of it runs."""
import struct

import pytest

from vmlib import boots, elf_edit, images, probe_elf
from vmlib.elf_edit import PF_R, PF_W, PF_X, PT_INTERP, PT_LOAD

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
TOP = (1 << 64) - 4096
R_X86_64_64, R_X86_64_RELATIVE = 1, 8
DT_NULL, DT_NEEDED, DT_SYMBOLIC = 0, 1, 16
ET_REL, ET_CORE, EM_AARCH64 = 1, 4, 183


def header(**fields):
    return lambda: probe_elf.probe().set(**fields)


def segment(index, kind=probe_elf.LOW, **fields):
    return lambda: probe_elf.probe(kind).segment_set(index, **fields)


def more(kind=probe_elf.LOW, **fields):
    """One more segment; by default two pages of zeros far from the others."""
    def make():
        elf = probe_elf.probe(kind).move_headers_to_end(1)
        elf.add_segment(**{"flags": PF_R, "offset": 0, "filesz": 0, "vaddr": 0x30000000,
                           "memsz": 0x2000, **fields})
        return elf
    return make


def cut(size):
    def make():
        elf = probe_elf.probe(file_bytes=256 * KIB)
        del elf.data[size:]
        return elf
    return make


def too_many_segments():
    elf = probe_elf.probe().move_headers_to_end(40)
    for index in range(40):
        elf.add_segment(flags=PF_R, offset=0, filesz=0, vaddr=0x30000000 + index * 0x10000,
                        memsz=16)
    return elf


def dynamic_table(elf):
    start = elf.segment_get(elf.find(elf_edit.PT_DYNAMIC)[0], "offset")
    return start, elf.segment_get(elf.find(elf_edit.PT_DYNAMIC)[0], "filesz")


def dynamic_tag(tag):
    """The first tag of the dynamic table becomes another one."""
    def make():
        elf = probe_elf.probe(probe_elf.DYNAMIC)
        struct.pack_into("<Q", elf.data, dynamic_table(elf)[0], tag)
        return elf
    return make


def relocation(**changes):
    """Change the type or target of the third relocation."""
    def make():
        elf = probe_elf.probe(probe_elf.DYNAMIC)
        first = struct.pack("<QQ", elf.segment_get(2, "vaddr"), R_X86_64_RELATIVE)
        third = elf.data.index(first) + 2 * 24
        if "kind" in changes:
            struct.pack_into("<I", elf.data, third + 8, changes["kind"])
        if "target" in changes:
            struct.pack_into("<Q", elf.data, third, changes["target"])
        return elf
    return make


def raw(data):
    return lambda: elf_edit.Elf(data)


TEXT, DATA, PAYLOAD = 1, 2, 3

# name: (kernel, status, what the line must say)
CASES = {
    "a-text-file": (raw(b"#!/bin/sh\necho not a kernel\n" * 100), "BOOT_E_NOT_ELF", "kernel.elf"),
    "empty": (raw(b""), "BOOT_E_NOT_ELF", "kernel.elf"),
    "all-zeros": (raw(bytes(64 * KIB)), "BOOT_E_NOT_ELF", ""),
    "three-bytes": (raw(b"\x7fEL"), "BOOT_E_NOT_ELF", ""),
    "header-cut": (cut(40), "BOOT_E_TRUNCATED", ""),
    "program-headers-cut": (cut(100), "BOOT_E_TRUNCATED", ""),
    "segments-cut": (cut(100 * KIB), "BOOT_E_TRUNCATED", "program header 3"),
    "32-bit": (header(**{"class": 1}), "BOOT_E_ELF_CLASS", ""),
    "class-3": (header(**{"class": 3}), "BOOT_E_ELF_HEADER", ""),
    "big-endian": (header(data=2), "BOOT_E_ELF_MACHINE", ""),
    "other-machine": (header(machine=EM_AARCH64), "BOOT_E_ELF_MACHINE", ""),
    "object-file": (header(type=ET_REL), "BOOT_E_ELF_TYPE", ""),
    "core-file": (header(type=ET_CORE), "BOOT_E_ELF_TYPE", ""),
    "version-2": (header(version=2), "BOOT_E_ELF_HEADER", ""),
    "entry-size": (header(phentsize=32), "BOOT_E_ELF_HEADER", ""),
    "header-size": (header(ehsize=52), "BOOT_E_ELF_HEADER", ""),
    "129-headers": (header(phnum=129), "BOOT_E_ELF_HEADER", ""),
    "headers-far-away": (header(phoff=1 << 60), "BOOT_E_TRUNCATED", ""),
    "headers-at-the-top": (header(phoff=TOP), "BOOT_E_TRUNCATED", ""),
    "no-headers": (header(phnum=0), "BOOT_E_ELF_NO_LOAD", ""),
    "no-loads": (header(phnum=1, phoff=0x800), "BOOT_E_ELF_NO_LOAD", ""),
    "more-file-than-memory": (segment(TEXT, memsz=16), "BOOT_E_ELF_SEGMENT", "program header 1"),
    "odd-alignment": (segment(TEXT, align=3), "BOOT_E_ELF_SEGMENT", "program header 1"),
    "alignment-not-kept": (segment(PAYLOAD, align=16 * MIB), "BOOT_E_ELF_SEGMENT",
                           "program header 3"),
    "33-segments": (too_many_segments, "BOOT_E_ELF_SEGMENT", ""),
    "file-part-beyond-the-end": (segment(PAYLOAD, offset=1 << 40), "BOOT_E_TRUNCATED",
                                 "program header 3"),
    "file-part-wraps": (segment(PAYLOAD, offset=TOP), "BOOT_E_TRUNCATED", "program header 3"),
    "same-page-twice": (more(vaddr=0x400000), "BOOT_E_ELF_OVERLAP", ""),
    "share-a-page": (more(vaddr=0x400900, memsz=16, align=1), "BOOT_E_ELF_OVERLAP", ""),
    "wraps": (more(vaddr=TOP, memsz=0x2000), "BOOT_E_ELF_ADDRESS", ""),
    "not-canonical": (more(vaddr=1 << 47), "BOOT_E_ELF_ADDRESS", ""),
    "reaches-the-hole": (more(vaddr=(1 << 47) - 0x1000), "BOOT_E_ELF_ADDRESS", ""),
    "page-0": (more(vaddr=0), "BOOT_E_ELF_ADDRESS", ""),
    "in-the-direct-map": (more(vaddr=0xFFFF800000000000), "BOOT_E_ELF_ADDRESS", ""),
    "in-the-hand-off": (more(vaddr=0xFFFFFF0000000000), "BOOT_E_ELF_ADDRESS", ""),
    "writable-code": (segment(TEXT, flags=PF_R | PF_W | PF_X), "BOOT_E_ELF_W_X", ""),
    "entry-in-data": (header(entry=0x425000), "BOOT_E_ELF_ENTRY", "425000"),
    "entry-nowhere": (header(entry=0x10), "BOOT_E_ELF_ENTRY", "10h"),
    "interpreter": (more(type=PT_INTERP), "BOOT_E_ELF_DYNAMIC", ""),
    "needs-a-library": (dynamic_tag(DT_NEEDED), "BOOT_E_ELF_DYNAMIC", ""),
    "relocation-type": (relocation(kind=R_X86_64_64), "BOOT_E_ELF_DYNAMIC", "relocation 2"),
    "relocation-outside": (relocation(target=0x70000000), "BOOT_E_ELF_DYNAMIC", "relocation 2"),
    "more-than-ram": (more(flags=PF_R | PF_W, memsz=8 * GIB), "BOOT_E_LITTLE_MEMORY", "KiB"),
    "more-than-exists": (more(flags=PF_R | PF_W, memsz=1 << 46), "BOOT_E_LITTLE_MEMORY", "KiB"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_kernel(case):
    make, status, details = CASES[case]
    image = images.changed(config=images.config(""), kernel=make().bytes())
    boots.error(image, status, details)


@pytest.mark.parametrize("case", ["a-text-file", "header-cut", "32-bit", "writable-code",
                                  "more-than-ram"])
def test_the_checksum_speaks_first(case):
    """A file that is not what its checksum is of: that is the matter, not what its bytes ask for."""
    make, status, details = CASES[case]
    data = make().bytes()
    good = images.crc32c(images.store(data))
    for crc, expected, words in ((good, status, details), ("1a2b3c4d", "BOOT_E_CRC", good)):
        config = images.config("", crc32c=f"/boot/kernel.elf {crc}")
        boots.error(images.changed(config=config, kernel=data), expected, words)


def test_unused_headers_do_no_harm():
    """PT_GNU_STACK and unknown types are somebody else's; PT_NOTE is in test_bad_needs.py."""
    elf = probe_elf.probe().move_headers_to_end(3)
    for kind in (5, 0x6474E551, 0x60000000):
        elf.add_segment(type=kind, flags=PF_R | PF_W | PF_X, offset=TOP, filesz=TOP, vaddr=0,
                        memsz=TOP)
    boots.probe(images.changed(config=images.config(""), kernel=elf.bytes()))


def test_an_empty_load_asks_for_nothing():
    elf = more(vaddr=0, memsz=0)()
    boots.probe(images.changed(config=images.config(""), kernel=elf.bytes()))
    assert len(elf.find(PT_LOAD)) == 5
