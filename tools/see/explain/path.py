# SPDX-License-Identifier: MIT
"""The way that a boot took, as tests/plugin/boot_path.c wrote it down: every instruction in order, who
wrote each byte last, what each instruction read and wrote.
"""
import array
import dataclasses
import functools
import mmap
import os
import struct

PLACES, STEPS, MEMORY_BYTES = 1 << 16, 1 << 26, 1 << 24  # as in the plugin
HEADER = struct.Struct("<16Q")
PLACE = struct.Struct("<Q16s14Q")
WRITER = struct.Struct("<2I")
WAY_AT = HEADER.size + PLACES * PLACE.size
MEMORY_AT = WAY_AT + STEPS * 4
FILE_BYTES = MEMORY_AT + MEMORY_BYTES * WRITER.size
FIRMWARE_WROTE = PLACES + 1
ENDS = ("running", "nothing new", "guest", "total", "halts", "full", "zeros")


@dataclasses.dataclass(eq=False)
class Place:
    """One instruction at one address. Steps count instructions outside the firmware."""

    number: int
    address: int
    code: bytes
    executions: int
    first_step: int
    last_step: int
    reads: int
    first_read: int
    last_read: int
    blank_reads: int
    first_blank: int
    writes: int
    first_write: int
    last_write: int
    last_write_bytes: int
    repeats: bool

    @property
    def end(self):
        return self.address + len(self.code)


class Path:
    """The file, while the machine runs (`header`) and afterwards."""

    def __init__(self, name):
        with open(name, "rb") as file:
            self.map = mmap.mmap(file.fileno(), FILE_BYTES, access=mmap.ACCESS_READ)
        self.file = os.open(name, os.O_RDONLY)

    def close(self):
        os.close(self.file)

    def header(self):
        """{"started", "end", "place_count", "steps", "total", "newest", "halts", "asleep"}."""
        values = HEADER.unpack_from(self.map, 0)
        names = ("started", "end", "place_count", "steps", "total", "newest", "halts", "asleep")
        return dict(zip(names, values))

    @functools.cached_property
    def places(self):
        """Those that ran, by number."""
        count, found = self.header()["place_count"], {}
        for number in range(count):
            address, code, size, *rest = PLACE.unpack_from(self.map, HEADER.size + number * PLACE.size)
            if rest[0]:
                found[number] = Place(number, address, code[:size], *rest[:-1], bool(rest[-1]))
        return found

    @functools.cached_property
    def way(self):
        """The place's number of each step."""
        return array.array("I", self.map[WAY_AT : WAY_AT + self.step_count() * 4])

    def step_count(self):
        return self.header()["steps"]

    def at(self, step):
        """The Place of a step, or None when it is not known."""
        return self.places.get(self.way[step]) if 0 <= step < len(self.way) else None

    def steps_of(self, place, most=10_000):
        """The steps at which a place ran, in order."""
        found, at = [], place.first_step
        try:
            while len(found) < most:
                at = self.way.index(place.number, at)
                found.append(at)
                at += 1
        except ValueError:
            pass
        return found

    def writer(self, phys):
        """(Place, "firmware" or None; the step) of the last write to a byte."""
        if not 0 <= phys < MEMORY_BYTES:
            return None, 0
        number, step = WRITER.unpack_from(self.map, MEMORY_AT + phys * WRITER.size)
        if number == FIRMWARE_WROTE:
            return "firmware", step
        return (self.places.get(number - 1), step) if number else (None, 0)

    @functools.cached_property
    def touched(self):
        """[(first, end)] of memory in which something was written; not to the byte."""
        found, at = [], MEMORY_AT
        while at < FILE_BYTES:
            try:
                begin = os.lseek(self.file, at, os.SEEK_DATA)
            except OSError:
                break
            at = os.lseek(self.file, begin, os.SEEK_HOLE)
            found.append(
                ((max(begin, MEMORY_AT) - MEMORY_AT) // WRITER.size, (at - MEMORY_AT) // WRITER.size)
            )
        return found

    def written(self, first, end):
        """Whether anything, the firmware too, wrote a byte of [first, end)."""
        raw = self.map[MEMORY_AT + first * WRITER.size : MEMORY_AT + end * WRITER.size]
        return any(raw[at : at + 4] != b"\0\0\0\0" for at in range(0, len(raw), WRITER.size))

    @functools.cached_property
    def firmware_writes(self):
        """{step: [(first, end)]} of what the firmware wrote and nobody after it."""
        runs = {}
        for first, end in self.touched:
            raw = self.map[MEMORY_AT + first * WRITER.size : MEMORY_AT + end * WRITER.size]
            for at, (number, step) in enumerate(WRITER.iter_unpack(raw), first):
                if number != FIRMWARE_WROTE:
                    continue
                parts = runs.setdefault(step, [])
                if parts and parts[-1][1] == at:
                    parts[-1] = (parts[-1][0], at + 1)
                else:
                    parts.append((at, at + 1))
        return runs
