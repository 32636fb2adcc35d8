# SPDX-License-Identifier: MIT
"""The stopped machine, from inside GDB: what QEMU's monitor says of its registers, and memory by
physical address. Asked once a stop.

Spec: QEMU documentation, "GDB usage" (Qqemu.PhyMemMode).
"""
import gdb

from see import qemu_state, state

READ_BYTES = 1024  # a packet of QEMU's has room for twice as many digits
BIOS_FIRST = 0xC0000  # ROMs, the video BIOS's first


class Machine:
    """Of this GDB. `now` is what it was at this stop."""

    def __init__(self):
        self.known = None
        for event in (gdb.events.cont, gdb.events.stop, gdb.events.register_changed):
            event.connect(self.forget)

    def forget(self, _=None):
        self.known = None

    @property
    def now(self):
        if self.known is None:
            text = gdb.execute("monitor info registers", to_string=True)
            self.known = qemu_state.from_text(text, self.read)
        return self.known

    @property
    def bits(self):
        """In how many bits the CPU reads its next instruction."""
        return state.code_bits(self.now.mode, self.now.segments["cs"].attributes)

    @property
    def in_bios(self):
        return self.now.mode == "real" and self.now.linear_rip >= BIOS_FIRST

    def read(self, address, count):
        """Physical memory."""
        connection = gdb.selected_inferior().connection
        connection.send_packet("Qqemu.PhyMemMode:1")
        try:
            found = b""
            while len(found) < count:
                more = min(READ_BYTES, count - len(found))
                answer = connection.send_packet(f"m{address + len(found):x},{more:x}")
                if answer.startswith(b"E"):
                    raise gdb.GdbError(f"there is no memory at {address + len(found):X}h")
                found += bytes.fromhex(answer.decode())
            return found
        finally:
            connection.send_packet("Qqemu.PhyMemMode:0")

    def linear(self, address, count):
        """Memory as the CPU sees it."""
        return bytes(gdb.selected_inferior().read_memory(address, count))
