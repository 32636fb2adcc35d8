#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Between GDB and QEMU's debugger port: makes the instruction pointer a linear address.

QEMU reports EIP as it is, an offset into the code segment. GDB knows no segments: with CS at F000h,
in the BIOS, it would take the offset for an address, and name and show whatever lies there. So the
base of CS is added to RIP on the way to GDB, and taken off on the way back. All else passes through.

    gdb_proxy.py SOCKET        GDB on standard input and output ("target remote | ...")

Spec: GDB manual, appendix E "Remote Serial Protocol".
"""
import contextlib
import os
import re
import select
import signal
import sys

from vmlib.unix_socket import connected

# Numbers in QEMU's description of the CPU (gdb-xml/i386-64bit.xml), and places in the answer to `g`.
RIP, CS = 16, 18
RIP_DIGITS = slice(2 * 128, 2 * 136)
CS_DIGITS = slice(2 * 140, 2 * 144)
READ_BYTES = 65536
INTERRUPT = b"\x03"
EXITED = b"W00"
STOPPED = (b"T", b"S", b"W", b"X")
BASE = re.compile(r"(?m)^CS =[0-9a-f]{4} ([0-9a-f]{8,16}) ")


def little(digits):
    return int.from_bytes(bytes.fromhex(digits.decode()), "little")


def digits_of(value):
    return (value & (1 << 64) - 1).to_bytes(8, "little").hex().encode()


class MachineGone(Exception):
    """QEMU has ended."""


def machine(verb):
    """A verb of QEMU's socket whose failure means one thing."""
    def careful(argument):
        try:
            return verb(argument)
        except OSError:
            raise MachineGone from None
    return careful


class Side:
    """One of the two conversations: packets in and out, each acknowledged at once."""

    def __init__(self, take, give, gone=EOFError):
        self.take, self.give, self.gone = take, give, gone
        self.buffer = b""

    def send(self, body):
        self.give(b"$" + body + b"#" + b"%02x" % (sum(body) & 0xFF))

    def fill(self):
        more = self.take(READ_BYTES)
        if not more:
            raise self.gone
        self.buffer += more

    def next(self):
        """The next whole packet or INTERRUPT in the buffer, or None."""
        while self.buffer:
            if self.buffer[:1] == INTERRUPT:
                self.buffer = self.buffer[1:]
                return INTERRUPT
            if self.buffer[:1] != b"$":
                self.buffer = self.buffer[1:]
                continue
            end = self.buffer.find(b"#")
            if end < 0 or len(self.buffer) < end + 3:
                return None
            body, self.buffer = self.buffer[1:end], self.buffer[end + 3:]
            self.give(b"+")
            return body
        return None

    def wait(self):
        while True:
            packet = self.next()
            if packet is not None:
                return packet
            self.fill()


class Proxy:
    def __init__(self, gdb, qemu):
        self.gdb, self.qemu = gdb, qemu
        self.waiting = False  # whether GDB waits for a stop

    def ask(self, packet):
        self.qemu.send(packet)
        return self.qemu.wait()

    def base(self, selector):
        """Of CS. Only a selector that is not 0 can have one here: the loader's segments are flat."""
        if selector == 0:
            return 0
        self.qemu.send(b"qRcmd," + b"info registers".hex().encode())
        text = b""
        while True:
            packet = self.qemu.wait()
            if packet == b"OK" or not packet.startswith(b"O"):
                break
            text += bytes.fromhex(packet[1:].decode())
        found = BASE.search(text.decode())
        return int(found.group(1), 16) if found else 0

    def registers(self):
        """The answer to `g`."""
        answer = self.ask(b"g")
        base = self.base(little(answer[CS_DIGITS]))
        rip = digits_of(little(answer[RIP_DIGITS]) + base)
        return answer[:RIP_DIGITS.start] + rip + answer[RIP_DIGITS.stop:]

    def base_now(self):
        return self.base(little(self.ask(b"p%x" % CS)))

    def from_gdb(self, packet):
        """Answer at once what needs a change; pass on all else, whose answer comes when it comes."""
        if packet == INTERRUPT:
            self.qemu.give(INTERRUPT)
        elif packet == b"g":
            self.gdb.send(self.registers())
        elif packet == b"p%x" % RIP:
            self.gdb.send(digits_of(little(self.ask(packet)) + self.base_now()))
        elif packet.startswith(b"P%x=" % RIP):
            value = little(packet.split(b"=")[1]) - self.base_now()
            self.gdb.send(self.ask(b"P%x=" % RIP + digits_of(value)))
        elif packet.startswith(b"G"):
            rip = little(packet[1:][RIP_DIGITS]) - self.base_now()
            start, stop = RIP_DIGITS.start + 1, RIP_DIGITS.stop + 1
            self.gdb.send(self.ask(packet[:start] + digits_of(rip) + packet[stop:]))
        else:
            self.waiting = is_resume(packet)
            self.qemu.send(packet)

    def run(self, line):
        while True:
            ready, _, _ = select.select([0, line], [], [])
            if 0 in ready:
                self.gdb.fill()
            if line in ready:
                self.qemu.fill()
            packet = self.qemu.next()
            while packet is not None:
                self.waiting = self.waiting and packet[:1] not in STOPPED
                self.gdb.send(packet)
                packet = self.qemu.next()
            packet = self.gdb.next()
            while packet is not None:
                self.from_gdb(packet)
                packet = self.gdb.next()


def is_resume(packet):
    return packet[:1] in (b"c", b"s") or packet.startswith((b"vCont;", b"C", b"S"))


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is GDB's, which sends INTERRUPT
    line = connected(sys.argv[1])
    gdb = Side(lambda count: os.read(0, count), lambda data: os.write(1, data))
    proxy = Proxy(gdb, Side(machine(line.recv), machine(line.sendall), MachineGone))
    with contextlib.suppress(EOFError, BrokenPipeError):  # GDB is gone
        try:
            proxy.run(line)
        except MachineGone:
            if proxy.waiting:
                gdb.send(EXITED)
                while os.read(0, READ_BYTES):  # GDB acknowledges it, then closes
                    pass


if __name__ == "__main__":
    main()
