# SPDX-License-Identifier: MIT
"""One call of the BIOS: what it is called, and what it asks of the disk.

Spec: IBM PC/AT Technical Reference; BIOS Enhanced Disk Drive Specification 3.0; Ralf Brown's
Interrupt List; VESA BIOS Extension 3.0.
"""
import struct

CARRY = 1
TELETYPE = (0x10, 0x0E)
READ_CHS, READ_EDD, GEOMETRY = (0x13, 0x02), (0x13, 0x42), (0x13, 0x08)
MEMORY_MAP = (0x15, 0xE820)
MEMORY_RANGE = struct.Struct("<QQI")
PACKET = struct.Struct("<BBHHHQ")
SECTOR_MASK = 0x3F
NAMES = {
    (0x10, 0x00): "set the video mode", (0x10, 0x03): "ask for the cursor",
    TELETYPE: "write a character", (0x10, 0x0F): "ask for the video mode",
    (0x10, 0x4F00): "ask for the graphics BIOS (VBE)", (0x10, 0x4F01): "ask for a graphics mode",
    (0x10, 0x4F02): "set a graphics mode", (0x10, 0x4F03): "ask for the graphics mode",
    (0x11, None): "ask for the equipment", (0x12, None): "ask for the memory from 0",
    (0x13, 0x00): "reset the drive", READ_CHS: "read sectors by cylinder, head, sector",
    GEOMETRY: "ask for the drive's geometry", (0x13, 0x41): "ask for EDD",
    READ_EDD: "read sectors by EDD", (0x13, 0x48): "ask for the drive's parameters",
    (0x15, 0x2401): "open the A20 line", (0x15, 0x2402): "ask for the A20 line",
    (0x15, 0x2403): "ask how the A20 line is opened", (0x15, 0x88): "ask for the memory above 1 MiB",
    (0x15, 0xE801): "ask for the memory above 1 MiB and 16 MiB",
    (0x15, 0xE820): "ask for the memory map", (0x15, 0xEC00): "tell the BIOS that 64-bit mode comes",
    (0x16, 0x00): "read a key", (0x16, 0x01): "look for a key", (0x18, None): "nothing to boot here",
    (0x19, None): "boot again", (0x1A, 0x00): "ask for the clock's ticks",
}


def key_of(vector, ax):
    """(vector, function) as NAMES has it: AX where that tells more, AH, or nothing."""
    for function in (ax, ax >> 8, None):
        if (vector, function) in NAMES:
            return vector, function
    return vector, ax >> 8


def name_of(vector, ax):
    return NAMES.get(key_of(vector, ax), f"function {ax >> 8:02X}h")


class Call:
    """A call on its way. `cpu` is the CPU's state at the INT, `back` where it returns to."""

    def __init__(self, vector, cpu, address, back, read):
        self.vector, self.cpu, self.address, self.back = vector, cpu, address, back
        self.ax = cpu["rax"] & 0xFFFF
        self.key = key_of(vector, self.ax)
        self.packet = None
        if self.key == READ_EDD:
            at = cpu.segments["ds"].base + (cpu["rsi"] & 0xFFFF)
            self.packet = PACKET.unpack(read(at, PACKET.size))

    def told(self, after):
        """As the recording has it; `after` is the CPU's state behind it, None if it stayed away."""
        told = {"vector": self.vector, "ax": self.ax, "address": hex(self.address),
                "what": name_of(self.vector, self.ax), "registers": shown(self.cpu), "times": 1}
        if after:
            told["after"] = {name: value for name, value in shown(after).items()
                             if value != told["registers"][name]}
            told["carry"] = after["rflags"] & CARRY
        return told

    def read_request(self, geometry):
        """(lba, count, linear destination) of a disk read, or None. `geometry` is (heads, sectors
        of a track), which only CHS needs."""
        if self.packet:
            _, _, count, offset, segment, lba = self.packet
            return lba, count, (segment << 4) + offset
        if self.key != READ_CHS or not geometry:
            return None
        heads, sectors = geometry
        cx, head = self.cpu["rcx"] & 0xFFFF, self.cpu["rdx"] >> 8 & 0xFF
        cylinder = cx >> 8 | (cx & 0xC0) << 2
        lba = (cylinder * heads + head) * sectors + (cx & SECTOR_MASK) - 1
        return lba, self.ax & 0xFF, self.cpu.segments["es"].base + (self.cpu["rbx"] & 0xFFFF)

    def memory_range(self, after, read):
        """(base, length, type) that E820 answered."""
        at = after.segments["es"].base + (after["rdi"] & 0xFFFF)
        return MEMORY_RANGE.unpack(read(at, MEMORY_RANGE.size))

    def geometry(self, after):
        """(heads, sectors of a track) as the BIOS answered, or None."""
        if self.key != GEOMETRY or after["rflags"] & CARRY:
            return None
        return (after["rdx"] >> 8 & 0xFF) + 1, after["rcx"] & SECTOR_MASK


def shown(cpu):
    """The registers a caller and the BIOS speak by."""
    told = {name: hex(cpu[name] & 0xFFFFFFFF) for name in ("rax", "rbx", "rcx", "rdx", "rsi", "rdi")}
    told |= {name: hex(cpu.segments[name].selector) for name in ("ds", "es")}
    return told


def vector_at(read, selector, offset):
    """The interrupt whose vector leads there: the lowest one."""
    wanted = struct.pack("<HH", offset, selector)
    table = read(0, 1024)
    return next((vector for vector in range(256) if table[vector * 4:vector * 4 + 4] == wanted), None)
