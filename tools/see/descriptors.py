# SPDX-License-Identifier: MIT
"""Segment descriptors and gates, decoded from the bytes in memory.

Spec: Intel SDM, volume 3A, sections 3.4.5 (segment descriptors), 3.5 (system descriptors), 6.11 and
6.14.1 (gates).
"""
import dataclasses

ENTRY_BYTES = 8
LONG_ENTRY_BYTES = 16
SYSTEM_TYPES = {1: "TSS16", 2: "LDT", 3: "TSS16 busy", 4: "call gate 16", 5: "task gate",
                6: "interrupt gate 16", 7: "trap gate 16", 9: "TSS", 11: "TSS busy",
                12: "call gate", 14: "interrupt gate", 15: "trap gate"}
TYPE_LDT, TYPE_CODE, TYPE_CONFORMING, TYPE_RW, TYPE_ACCESSED = 2, 8, 4, 2, 1
WIDE_TYPES = (2, 9, 11)  # LDT and TSS have 16 bytes in long mode


@dataclasses.dataclass
class Descriptor:
    """One entry of a GDT or LDT. `limit` is the last byte's offset, granularity applied."""
    index: int
    raw: int
    kind: str  # null, code, data, or a name of SYSTEM_TYPES
    base: int = 0
    limit: int = 0
    dpl: int = 0
    present: bool = False
    type: int = 0
    system: bool = False
    long: bool = False  # L: 64-bit code
    big: bool = False  # D/B: 32-bit operands
    pages: bool = False  # G: the limit counts 4 KiB
    slots: int = 1  # entries it takes in the table

    @property
    def selector(self):
        return self.index * ENTRY_BYTES

    @property
    def writable(self):
        return self.kind == "data" and bool(self.type & TYPE_RW)

    @property
    def readable(self):
        return self.kind == "data" or self.kind == "code" and bool(self.type & TYPE_RW)

    @property
    def attributes(self):
        """As debuggers show them: bits 8 to 23 of the upper half, shifted to bit 0."""
        return self.raw >> 40 & 0xF0FF

    @property
    def text(self):
        if self.kind == "null":
            return "null descriptor"
        words = [self.kind]
        if self.kind == "code":
            size = {(True, False): "64-bit", (False, True): "32-bit", (False, False): "16-bit"}
            words = [f"{size.get((self.long, self.big), 'L and D both set:')} code",
                     "readable" if self.readable else "execute-only"]
        elif self.kind == "data":
            words = ["data " + ("writable" if self.writable else "read-only")]
        words += [f"base {self.base:X}h", f"limit {self.limit:X}h", f"DPL {self.dpl}"]
        if not self.present:
            words.append("NOT PRESENT")
        return ", ".join(words)


def descriptor(index, raw, high=0):
    """Decode 8 bytes; `high` is the next 8, which a TSS or LDT of long mode continues in."""
    if raw == 0:
        return Descriptor(index, raw, "null")
    kind_bits = raw >> 40 & 0xF
    system = not raw >> 44 & 1
    pages = bool(raw >> 55 & 1)
    limit = (raw & 0xFFFF) | (raw >> 32 & 0xF0000)
    kind = SYSTEM_TYPES.get(kind_bits, "reserved") if system else \
        "code" if kind_bits & TYPE_CODE else "data"
    return Descriptor(
        index, raw, kind,
        base=(raw >> 16 & 0xFFFFFF) | (raw >> 32 & 0xFF000000) | (high & 0xFFFFFFFF) << 32,
        limit=limit << 12 | 0xFFF if pages else limit,
        dpl=raw >> 45 & 3, present=bool(raw >> 47 & 1), type=kind_bits, system=system,
        long=bool(raw >> 53 & 1) and not system, big=bool(raw >> 54 & 1), pages=pages)


def gdt(raw, long=True):
    """Every whole entry of a table's bytes. In long mode LDT and TSS take two entries."""
    words = [int.from_bytes(raw[at:at + ENTRY_BYTES], "little")
             for at in range(0, len(raw) - ENTRY_BYTES + 1, ENTRY_BYTES)]
    entries, index = [], 0
    while index < len(words):
        entry = descriptor(index, words[index])
        wide = long and entry.system and entry.type in WIDE_TYPES
        if wide:
            high = words[index + 1] if index + 1 < len(words) else 0
            entry = descriptor(index, words[index], high)
            entry.slots = 2
        entries.append(entry)
        index += entry.slots
    return entries


def selector_text(selector):
    """"10h: entry 2, RPL 0"."""
    table = "LDT " if selector & 4 else ""
    return f"{selector:X}h: {table}entry {selector >> 3}, RPL {selector & 3}"


@dataclasses.dataclass
class Gate:
    """One entry of an IDT, or of the real-mode vector table (kind "real")."""
    vector: int
    selector: int
    offset: int
    kind: str
    present: bool
    dpl: int = 0
    ist: int = 0
    raw: int = 0

    @property
    def text(self):
        if self.kind == "real":
            return f"{self.selector:04X}:{self.offset:04X}"
        if self.raw == 0:
            return "empty"
        words = [self.kind, f"to {self.selector:X}h:{self.offset:X}h", f"DPL {self.dpl}"]
        if self.ist:
            words.append(f"on IST {self.ist}")
        if not self.present:
            words.append("NOT PRESENT")
        return ", ".join(words)


def gate(vector, raw, long=True):
    """Decode a gate: 16 bytes in long mode, 8 in protected mode."""
    offset = raw & 0xFFFF | raw >> 32 & 0xFFFF0000
    if long:
        offset |= (raw >> 64 & 0xFFFFFFFF) << 32
    return Gate(vector, selector=raw >> 16 & 0xFFFF, offset=offset,
                kind=SYSTEM_TYPES.get(raw >> 40 & 0xF, "reserved"), present=bool(raw >> 47 & 1),
                dpl=raw >> 45 & 3, ist=raw >> 32 & 7 if long else 0, raw=raw)


def idt(raw, long=True):
    """Every whole gate of a table's bytes."""
    size = LONG_ENTRY_BYTES if long else ENTRY_BYTES
    return [gate(at // size, int.from_bytes(raw[at:at + size], "little"), long)
            for at in range(0, len(raw) - size + 1, size)]


def vector_table(raw):
    """The real-mode interrupt vector table: offset and segment, four bytes each."""
    return [Gate(at // 4, selector=int.from_bytes(raw[at + 2:at + 4], "little"),
                 offset=int.from_bytes(raw[at:at + 2], "little"), kind="real", present=True)
            for at in range(0, len(raw) - 3, 4)]
