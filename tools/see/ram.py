# SPDX-License-Identifier: MIT
"""A guest's RAM, which is a file: reading it at any moment, and which bytes changed since the last
look. Exact, and cheap where nothing changes: what was never written is a hole of the file.
"""
import ctypes
import mmap
import os
import re

LARGE, PAGE = 2 * 1024 * 1024, 4096
GAP = 8  # bytes that may lie between two changed ones of one range
CHANGED = re.compile(rb"[^\0](?:[^\0]|\0{1,%d}(?=[^\0]))*" % GAP, re.DOTALL)


class Ram:
    """The file of a machine's RAM, mapped, with a copy of what it held at the last look."""

    def __init__(self, path):
        self.file = os.open(path, os.O_RDWR)
        self.size = os.fstat(self.file).st_size
        self.now = mmap.mmap(self.file, self.size)
        self.before = mmap.mmap(-1, self.size)
        self.now_at, self.before_at = (
            ctypes.addressof(ctypes.c_char.from_buffer(area)) for area in (self.now, self.before))
        self.compare = ctypes.CDLL(None).memcmp
        self.compare.argtypes = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t

    def close(self):
        os.close(self.file)

    def read(self, phys, count):
        """Bytes of physical memory; what is no RAM reads as FFh."""
        data = self.now[phys:phys + count] if phys < self.size else b""
        return data + b"\xff" * (count - len(data))

    def extents(self):
        """[(first, end)] of what was ever written."""
        at = 0
        while at < self.size:
            try:
                first = os.lseek(self.file, at, os.SEEK_DATA)
            except OSError:
                return
            at = os.lseek(self.file, first, os.SEEK_HOLE)
            yield first, at

    def differs(self, at, count):
        return self.compare(self.now_at + at, self.before_at + at, count) != 0

    def changed_pages(self):
        for first, end in self.extents():
            for large in range(first, end, LARGE):
                stop = min(large + LARGE, end)
                if self.differs(large, stop - large):
                    yield from (page for page in range(large, stop, PAGE)
                                if self.differs(page, PAGE))

    def changes(self, left_out=()):
        """[(first, bytes)] of what differs from the last look, and the look is taken.

        A range begins and ends with a changed byte; inside, unchanged ones lie GAP at most apart.

        left_out  [(first, last)] that are not looked at: there, the last look stays the one before
        """
        found = []
        for page in self.changed_pages():
            before = self.before[page:page + PAGE]
            now = bytearray(self.now[page:page + PAGE])
            for first, last in left_out:
                part = slice(max(first - page, 0), max(last + 1 - page, 0))
                now[part] = before[part]
            self.before[page:page + PAGE] = bytes(now)
            mixed = int.from_bytes(now, "little") ^ int.from_bytes(before, "little")
            for match in CHANGED.finditer(mixed.to_bytes(PAGE, "little")):
                add(found, page + match.start(), match.end() - match.start())
        return found


def add(found, first, count):
    """Append a range, joined to the last one when only a gap lies between."""
    if found and first - sum(found[-1]) <= GAP:
        found[-1] = (found[-1][0], first + count - found[-1][0])
    else:
        found.append((first, count))
