# SPDX-License-Identifier: MIT
"""Read and change ELF64 files field by field, also into what no linker would write.

Spec: ELF-64 Object File Format 1.5, "ELF Header", "Program Header Table".
"""
import struct

PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE = 1, 2, 3, 4
PF_X, PF_W, PF_R = 1, 2, 4
EHDR_BYTES, PHDR_BYTES = 64, 56

# name: (offset, struct format)
EHDR = {"class": (4, "B"), "data": (5, "B"), "ident_version": (6, "B"), "type": (16, "H"),
        "machine": (18, "H"), "version": (20, "I"), "entry": (24, "Q"), "phoff": (32, "Q"),
        "shoff": (40, "Q"), "ehsize": (52, "H"), "phentsize": (54, "H"), "phnum": (56, "H"),
        "shnum": (60, "H"), "shstrndx": (62, "H")}
PHDR = {"type": (0, "I"), "flags": (4, "I"), "offset": (8, "Q"), "vaddr": (16, "Q"),
        "paddr": (24, "Q"), "filesz": (32, "Q"), "memsz": (40, "Q"), "align": (48, "Q")}


def note(owner, kind, contents, align=4, **lies):
    """One note; `lies` are other lengths than the true ones: name_bytes, contents_bytes."""
    name = owner.encode() + b"\0"
    head = struct.pack("<III", lies.get("name_bytes", len(name)),
                       lies.get("contents_bytes", len(contents)), kind)
    data = head + name
    data += bytes(-len(data) % align) + contents
    return data + bytes(-len(data) % align)


class Elf:
    def __init__(self, data):
        self.data = bytearray(data)

    def get(self, name):
        offset, form = EHDR[name]
        return struct.unpack_from("<" + form, self.data, offset)[0]

    def set(self, **fields):
        for name, value in fields.items():
            offset, form = EHDR[name]
            struct.pack_into("<" + form, self.data, offset, value)
        return self

    def segment_get(self, index, name):
        offset, form = PHDR[name]
        return struct.unpack_from("<" + form, self.data,
                                  self.get("phoff") + index * PHDR_BYTES + offset)[0]

    def segment_set(self, index, **fields):
        for name, value in fields.items():
            offset, form = PHDR[name]
            struct.pack_into("<" + form, self.data,
                             self.get("phoff") + index * PHDR_BYTES + offset, value)
        return self

    def find(self, kind, flags=None):
        """Indices of the program headers of one type, and of exactly these flags if given."""
        return [index for index in range(self.get("phnum"))
                if self.segment_get(index, "type") == kind
                and flags in (None, self.segment_get(index, "flags"))]

    def move_headers_to_end(self, room=0):
        """Put the program headers behind everything else, with room for `room` more."""
        count, start = self.get("phnum"), self.get("phoff")
        headers = self.data[start:start + count * PHDR_BYTES]
        self.data += bytes(-len(self.data) % 16)
        self.set(phoff=len(self.data))
        self.data += headers + bytes(room * PHDR_BYTES)
        return self

    def add_segment(self, **fields):
        """One more program header; move_headers_to_end must have made room."""
        index = self.get("phnum")
        self.set(phnum=index + 1)
        self.segment_set(index, **{"type": PT_LOAD, "align": 0x1000, **fields})
        return index

    def add_notes(self, notes, **fields):
        """These bytes at the end of the file, and a PT_NOTE for them: see `note`."""
        self.data += bytes(-len(self.data) % 16)
        offset = len(self.data)
        self.data += notes
        return self.add_segment(**{"type": PT_NOTE, "flags": PF_R, "offset": offset,
                                   "filesz": len(notes), "memsz": len(notes), "align": 4, **fields})

    def without_sections(self):
        return self.set(shoff=0, shnum=0, shstrndx=0)

    def bytes(self):
        return bytes(self.data)
