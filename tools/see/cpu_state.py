# SPDX-License-Identifier: MIT
"""The CPU's registers out of QEMU's `info registers`: hidden parts of segments, descriptor tables,
control registers and the A20 gate, which GDB's protocol does not give.
"""
import dataclasses
import re

from see import descriptors, state

GENERAL = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", *(f"r{n}" for n in range(8, 16)))
SEGMENTS = ("cs", "ss", "ds", "es", "fs", "gs", "ldtr", "tr")
VALUE = re.compile(r"\b(E?[A-Z][A-Z0-9]{1,2}|R[0-9]{1,2}|EFER|RIP|EIP|RFL|EFL|A20|HLT) ?=([0-9a-f]+)\b")
SEGMENT = re.compile(r"^([A-Z]{2,3}) *=([0-9a-f]{4}) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]{8})", re.MULTILINE)
TABLE = re.compile(r"^(GDT|IDT)= +([0-9a-f]+) ([0-9a-f]+)\s*$", re.MULTILINE)
LDTR = {"LDT": "ldtr"}
ATTRIBUTES = 0xF0FF  # bits 8 to 23 of a descriptor's upper half, without the limit's


class Segment(state.Segment):
    """A segment register that can be told."""

    def told(self, name, mode):
        """As the recording has it."""
        return {"selector": self.selector, "base": hex(self.base), "limit": hex(self.limit),
                "attributes": self.attributes, "text": self.text(name, mode)}

    def text(self, name, mode):
        if mode == "real" and name not in ("ldtr", "tr"):
            return f"base {self.base:X}h, limit {self.limit:X}h"
        if not self.selector and not self.attributes:
            return "null"
        entry = descriptors.descriptor(self.selector >> 3, self.attributes << 40)
        entry.base, entry.limit = self.base, self.limit
        return entry.text


@dataclasses.dataclass
class Cpu:
    """One moment of the CPU. `registers` has rax to r15, rip, rflags, cr0 to cr4, efer, and the
    bases and limits of GDT and IDT."""
    registers: dict
    segments: dict
    a20: bool

    @classmethod
    def of(cls, text):
        """Read what `info registers` says."""
        values = {name: int(value, 16) for name, value in VALUE.findall(text)}
        registers = {name: first(values, name.upper(), "E" + name[1:].upper()) for name in GENERAL}
        registers["rip"] = first(values, "RIP", "EIP")
        registers["rflags"] = first(values, "RFL", "EFL")
        for name in ("cr0", "cr2", "cr3", "cr4", "efer"):
            registers[name] = values[name.upper()]
        for name, base, limit in TABLE.findall(text):
            registers[f"{name.lower()}r_base"] = int(base, 16)
            registers[f"{name.lower()}r_limit"] = int(limit, 16)
        segments = {}
        for name, *parts in SEGMENT.findall(text):
            selector, base, limit, flags = (int(part, 16) for part in parts)
            segments[LDTR.get(name, name.lower())] = Segment(selector, base, limit,
                                                             flags >> 8 & ATTRIBUTES)
        return cls(registers, segments, bool(values["A20"]))

    @property
    def mode(self):
        return state.mode(self["cr0"], self["efer"], self.segments["cs"].attributes, self["rflags"])

    @property
    def bits(self):
        return state.code_bits(self.mode, self.segments["cs"].attributes)

    @property
    def pc(self):
        """Linear address of the next instruction."""
        return self.linear("cs", "rip")

    def linear(self, segment, register):
        """The linear address of SEGMENT:REGISTER, the offset as wide as the code's addresses."""
        if self.mode == "long":
            return self[register]
        offset = self[register] & (1 << self.bits) - 1
        return self.segments[segment].base + offset & 0xFFFFFFFF

    def __getitem__(self, name):
        return self.registers[name]


def first(values, *names):
    """The first of these that is there; r8 to r15 are not, below 64-bit mode."""
    return next((values[name] for name in names if name in values), 0)
