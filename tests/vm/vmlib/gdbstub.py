# SPDX-License-Identifier: MIT
"""Talk to QEMU's debugger port: run to an address, step, read registers and memory.

One CPU, breakpoints by linear address, in every mode of the CPU.

Spec: GDB manual, appendix E "Remote Serial Protocol".
"""
import re
import select

from vmlib.unix_socket import connected

ANSWER_GUARD_S = 60
LOOK_S = 0.5
RECEIVE_BYTES = 65536
PACKET = re.compile(rb"\$([^#]*)#..", re.DOTALL)
INTERRUPT = b"\x03"
REGISTER_RAX, REGISTER_RDX = 0, 3  # in the order of GDB's amd64 description
REGISTER_RIP = 16
REGISTER_BYTES = 8


class Gdb:
    """A connection; the machine must have been started with `options(path)`."""

    def __init__(self, path):
        self.socket = connected(path)
        self.socket.settimeout(ANSWER_GUARD_S)
        self.received = b""
        self.ask("qXfer:features:read:target.xml:0,fff")  # only then are single registers given

    def ask(self, command):
        """Send one packet; the answer's text, or "" when the machine is gone."""
        self.send(command)
        return self.answer()

    def send(self, command):
        total = sum(command.encode()) & 0xFF
        self.socket.sendall(f"${command}#{total:02x}".encode())

    def answer(self, meanwhile=None):
        """The next packet's text, or "" when the machine is gone.

        meanwhile  called now and then while none comes
        """
        while not (packet := PACKET.search(self.received)):
            while meanwhile and not select.select([self.socket], [], [], LOOK_S)[0]:
                meanwhile()
            more = self.socket.recv(RECEIVE_BYTES)
            if not more:
                return ""
            self.received += more
        self.received = self.received[packet.end():]
        self.socket.sendall(b"+")
        return packet.group(1).decode()

    def stop_at(self, address):
        """From now on the machine stops before the instruction at a linear address."""
        assert self.ask(f"Z1,{address:x},1") == "OK"

    def pass_by(self, address):
        """No longer."""
        assert self.ask(f"z1,{address:x},1") == "OK"

    def interrupt(self):
        """Stop a machine that runs; the answer to what made it run comes then."""
        self.socket.sendall(INTERRUPT)

    def go(self, meanwhile=None):
        """Go on to the next stop; False when the machine ended instead."""
        self.send("c")
        return self.answer(meanwhile).startswith("T")

    def run_to(self, address):
        """Go on to a linear address; False when the machine ended instead."""
        self.stop_at(address)
        if not self.go():
            return False
        self.pass_by(address)
        return True

    def step(self):
        """One instruction; the new instruction pointer, without its segment's base."""
        self.ask("s")
        return self.rip()

    def rip(self):
        return int.from_bytes(bytes.fromhex(self.ask(f"p{REGISTER_RIP:x}")), "little")

    def set_register(self, number, value):
        raw = value.to_bytes(REGISTER_BYTES, "little")
        assert self.ask(f"P{number:x}={raw.hex()}") == "OK"

    def memory(self, address, count):
        return bytes.fromhex(self.ask(f"m{address:x},{count:x}"))

    def let_go(self):
        """Leave the machine running."""
        self.ask("D")
        self.socket.close()


def options(path):
    """QEMU's: stopped before its first instruction, listening."""
    return ["-S", "-gdb", f"unix:{path},server=on,wait=off"]
