# SPDX-License-Identifier: MIT
"""The guest's BIOS calls, above all its disk reads, with what went in and what came out."""
import dataclasses

from see.explain import log, opcodes
from see.explain.path import Place

DISK, READ_CHS, READ_LBA = 0x13, 0x02, 0x42
SECTOR_BYTES, PACKET_BYTES = 512, 16
STATUS = {
    0x00: "no error",
    0x01: "bad command or a value that is not allowed",
    0x02: "no address mark",
    0x04: "sector not found",
    0x08: "DMA overrun",
    0x09: "the buffer crosses 64 KiB",
    0x0C: "unsupported track",
    0x10: "bad CRC",
    0x20: "the controller failed",
    0x40: "seek failed",
    0x80: "the drive does not answer (there is none of that number)",
    0xAA: "not ready",
    0xBB: "undefined error",
    0xE0: "status error",
}


@dataclasses.dataclass
class Call:
    """One INT; `after` is the state when it came back."""

    step: int
    place: Place
    before: log.State
    after: log.State

    @property
    def vector(self):
        return opcodes.opcode(self.place.code)[1]

    @property
    def function(self):
        return self.before["ah"]

    @property
    def is_read(self):
        return (
            self.vector == DISK and self.function in (READ_CHS, READ_LBA) and self.before.mode == "real"
        )

    @property
    def came_back(self):
        return (
            self.after is not None and self.after.pc == self.place.end and self.after is not self.before
        )

    @property
    def failed(self):
        return self.came_back and self.after.carry

    @property
    def status(self):
        return self.after["ah"] if self.after else 0

    @property
    def status_text(self):
        return f"{self.status:02X}h, {STATUS.get(self.status, 'an error')}"

    @property
    def packet_at(self):
        return self.before.segments["ds"].base + self.before["si"]

    def packet(self, memory):
        """(sectors, physical address of the buffer, LBA) of a read by packet."""
        raw = memory(self.packet_at, PACKET_BYTES)
        offset, segment = (int.from_bytes(raw[at : at + 2], "little") for at in (4, 6))
        return (
            int.from_bytes(raw[2:4], "little"),
            segment * 16 + offset,
            int.from_bytes(raw[8:16], "little"),
        )

    def buffer(self, memory):
        """(first, end) of the physical memory that it is to fill."""
        if self.function == READ_LBA:
            count, first, _ = self.packet(memory)
        else:
            count, first = self.before["al"], self.before.segments["es"].base + self.before["bx"]
        return first, first + count * SECTOR_BYTES

    def what(self, memory):
        """The read in words."""
        first, end = self.buffer(memory)
        if self.function == READ_LBA:
            count, _, lba = self.packet(memory)
            return f"{count} sectors from LBA {lba} to {first:X}h"
        cylinder, sector = self.before["ch"], self.before["cl"] & 63
        cylinder |= (self.before["cl"] & 0xC0) << 2
        return (
            f"{self.before['al']} sectors from cylinder {cylinder}, head {self.before['dh']}, "
            f"sector {sector} to {first:X}h"
        )
