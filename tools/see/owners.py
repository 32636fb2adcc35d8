# SPDX-License-Identifier: MIT
"""Whose the bytes of memory are, and which changes are the firmware's own and left out.

The low memory is that of include/boot/low_memory.h, the kernel's places are what its page tables say
at the end of the boot. Of an image without a build folder only the PC's own areas are known.
"""
from vmlib import symbols

REAL_STACK_ROOM = 0x1000  # below the stack pointer of code whose stack we do not know
BIOS_DATA = (0x400, 0x4FF)
VIDEO_FIRST, FIRMWARE_FIRST, FIRMWARE_LAST = 0xA0000, 0xC0000, 0xFFFFF
PAGE = 4096
EBDA_SEGMENT_AT = 0x40E
SEGMENT_FLAGS = {5: "code", 4: "constants", 6: "data"}

# What changes by the firmware's doing and by time: the reason why it is not in a recording.
LEFT_OUT = (
    ("bios data area", *BIOS_DATA, "the clock's ticks, the keyboard, the disk's state: the BIOS's own"),
    ("extended bios data area", None, VIDEO_FIRST - 1, "the BIOS's own"),
    ("system management RAM", VIDEO_FIRST, FIRMWARE_FIRST - 1,
     "RAM behind the video memory, which only the BIOS's hidden mode sees"),
    ("firmware", FIRMWARE_FIRST, FIRMWARE_LAST, "the BIOS's ROM and its variables between"),
    ("dead real-mode stack", None, None,
     "below the stack pointer lies what BIOS calls and interrupts pushed; they come when they like"),
    ("the BIOS's own RAM", None, None, "what its memory map does not call usable: it works in there"),
)

UNASKED_TOP = 0x40000  # of RAM, left out when the image never asks for the memory map
E820_USABLE = 1
PC_AREAS = (("vectors", "interrupt vectors", 0, 0x3FF), ("bios-data", "BIOS data area", *BIOS_DATA),
            ("video", "video memory", VIDEO_FIRST, FIRMWARE_FIRST - 1),
            ("firmware", "firmware", FIRMWARE_FIRST, FIRMWARE_LAST))


def low_areas(places):
    """[(id, name, first, last)] of the loader's part of low memory."""
    known = symbols.constants()
    image_end = places.data("image_end") or known["LOW_STAGE2_BSS"]
    real_end = places.data("real_end") or image_end
    areas = [("exchange", "exchange of 16-bit and 64-bit code", "LOW_EXCHANGE"),
             ("real-bss", "16-bit code's variables", "LOW_REAL_BSS"),
             ("answers", "the BIOS's answers about memory", "LOW_ANSWERS")]
    found = [(one, name, known[base], known[base] + known[base + "_BYTES"] - 1)
             for one, name, base in areas]
    return found + [
        ("real-stack", "real-mode stack", known["LOW_REAL_STACK"], known["LOW_REAL_STACK_TOP"] - 1),
        ("entry", "what the BIOS had in its registers", known["LOW_STAGE1_ENTRY"],
         known["LOW_STAGE1"] - 1),
        ("stage1", "stage 1", known["LOW_STAGE1"],
         known["LOW_STAGE1"] + known["LOW_STAGE1_BYTES"] - 1),
        ("stage2-real", "stage 2, 16-bit code", known["LOW_STAGE2"], real_end - 1),
        ("stage2", "stage 2, C", real_end, image_end - 1),
        ("stage2-bss", "stage 2's zeroed data", known["LOW_STAGE2_BSS"],
         known["LOW_STAGE2_BSS"] + known["LOW_STAGE2_BSS_BYTES"] - 1),
        ("loader-tables", "the loader's page tables", known["LOW_PAGE_TABLES"],
         known["LOW_PAGE_TABLES"] + known["LOW_PAGE_TABLES_BYTES"] - 1),
        ("fault-stack", "stack for CPU exceptions in the loader", known["LOW_STACK"],
         known["LOW_FAULT_STACK_TOP"] - 1),
        ("loader-stack", "the loader's stack", known["LOW_FAULT_STACK_TOP"],
         known["LOW_STACK_TOP"] - 1),
        ("disk-windows", "windows for disk reads", known["LOW_DISK"],
         known["LOW_DISK"] + known["LOW_DISK_WINDOW_BYTES"] * known["LOW_DISK_WINDOWS"] - 1),
        ("fat-window", "a window of the FAT", known["LOW_FAT_WINDOW"],
         known["LOW_FAT_WINDOW"] + known["LOW_FAT_WINDOW_BYTES"] - 1),
        ("scratch", "scratch: coldstart.cfg, answers of the video BIOS", known["LOW_SCRATCH"],
         known["LOW_SCRATCH"] + known["LOW_SCRATCH_BYTES"] - 1)]


class Owners:
    """All owners known so far, the more exact first."""

    def __init__(self, places, ram):
        self.places, self.ram = places, ram
        self.areas = [(*area, 0) for area in PC_AREAS]
        self.real_stack = None
        if "stage2" in places.parts:
            self.areas += [(*area, 0) for area in low_areas(places)]
            self.real_stack = next((first, last) for one, _, first, last, _ in self.areas
                                   if one == "real-stack")

    def ebda(self):
        return int.from_bytes(self.ram.read(EBDA_SEGMENT_AT, 2), "little") << 4 or VIDEO_FIRST

    def left_out(self, cpu):
        """[(first, last)] that are no part of a recording at this moment."""
        areas = [BIOS_DATA, (self.ebda(), FIRMWARE_LAST)]
        top = cpu.linear("ss", "rsp") if cpu.mode == "real" else None
        if self.real_stack:
            first, last = self.real_stack
            areas.append((first, top - 1 if top and first <= top <= last else last))
        elif top:
            areas.append((max(0, top - REAL_STACK_ROOM), top - 1))
        return areas

    def reserve(self, answers):
        """Afterwards: the firmware's own RAM, [(first, last)], by the answers to E820, [(base, length,
        type)]."""
        if not answers:
            return [(self.ram.size - UNASKED_TOP, self.ram.size - 1)]
        return [(base, base + length - 1) for base, length, kind in answers
                if kind != E820_USABLE and FIRMWARE_LAST < base < self.ram.size]

    def add(self, one, name, first, last, point):
        self.areas.insert(0, (one, name, first, last, point))

    def told(self):
        return [{"id": one, "name": name, "first": hex(first), "last": hex(last),
                 "from_point": point}
                for one, name, first, last, point in sorted(self.areas, key=lambda area: area[2])]

    def split(self, first, count):
        """(first, bytes, owner's id) of a range, in order."""
        while count:
            owner, end = self.at(first)
            part = min(count, end - first + 1)
            yield first, part, owner
            first, count = first + part, count - part

    def at(self, address):
        """(id, last byte that is surely its own)."""
        limit = (1 << 64) - 1
        for one, _, first, last, _ in self.areas:
            if first <= address <= last:
                return one, min(last, limit)
            if first > address:
                limit = min(limit, first - 1)
        return "free", limit
