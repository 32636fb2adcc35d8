# SPDX-License-Identifier: MIT
"""A see.expect.State of what QEMU's monitor prints for `info registers`."""
import re

from see import expect

NUMBER = re.compile(r"\b(R?[A-Z][A-Z0-9]*) ?=([0-9a-f]+)\b")
SEGMENT = re.compile(r"\b([C-GS]S|LDT|TR) *=([0-9a-f]{4}) ([0-9a-f]{8,16}) ([0-9a-f]{8}) ([0-9a-f]{8})")
TABLE = re.compile(r"\b(GDT|IDT)= +([0-9a-f]{8,16}) ([0-9a-f]{8})")
GENERAL = ("ax", "bx", "cx", "dx", "si", "di", "bp", "sp")
FLAGS_TO_ATTRIBUTES = 8  # QEMU shows a descriptor's upper half; attributes begin at its bit 8


def from_text(text, read):
    """A see.expect.State of what `info registers` prints."""
    numbers = {name: int(value, 16) for name, value in NUMBER.findall(text)}
    registers = {f"r{n}": numbers.get(f"R{n}", 0) for n in range(8, 16)}
    for name in GENERAL:
        registers[f"r{name}"] = numbers.get(f"R{name.upper()}", numbers.get(f"E{name.upper()}", 0))
    registers["rip"] = numbers.get("RIP", numbers.get("EIP"))
    registers["rflags"] = numbers.get("RFL", numbers.get("EFL"))
    for name in ("cr0", "cr2", "cr3", "cr4", "efer"):
        registers[name] = numbers[name.upper()]
    segments = {}
    for name, *parts in SEGMENT.findall(text):
        selector, base, limit, flags = (int(part, 16) for part in parts)
        attributes = flags >> FLAGS_TO_ATTRIBUTES & 0xF0FF
        segments[name.lower()] = expect.Segment(selector, base, limit, attributes)
    for name, base, limit in TABLE.findall(text):
        registers[f"{name.lower()}r_base"] = int(base, 16)
        registers[f"{name.lower()}r_limit"] = int(limit, 16)
    registers["tr"] = segments["tr"].selector
    registers["ldtr"] = segments.pop("ldt").selector
    return expect.State(registers, segments, bool(numbers["A20"]), read)
