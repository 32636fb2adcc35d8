# SPDX-License-Identifier: MIT
"""Talk to QEMU's debugger port: run to an address, step, read registers and memory.

One CPU, breakpoints by linear address, in every mode of the CPU.

Spec: GDB manual, appendix E "Remote Serial Protocol".
"""
from vmlib.unix_socket import connected

ANSWER_GUARD_S = 60
REGISTER_RIP = 16  # in the order of GDB's amd64 description


class Gdb:
    """A connection; the machine must have been started with `options(path)`."""

    def __init__(self, path):
        self.socket = connected(path)
        self.socket.settimeout(ANSWER_GUARD_S)
        self.stream = self.socket.makefile("rb")
        self.ask("qXfer:features:read:target.xml:0,fff")  # only then are single registers given

    def ask(self, command):
        """Send one packet; the answer's text, or "" when the machine is gone."""
        total = sum(command.encode()) & 0xFF
        self.socket.sendall(f"${command}#{total:02x}".encode())
        while True:
            byte = self.stream.read(1)
            if byte == b"":
                return ""
            if byte == b"$":
                break
        answer = b""
        while not answer.endswith(b"#"):
            answer += self.stream.read(1)
        self.stream.read(2)
        self.socket.sendall(b"+")
        return answer[:-1].decode()

    def run_to(self, address):
        """Go on to a linear address; False when the machine ended instead."""
        assert self.ask(f"Z1,{address:x},1") == "OK"
        answer = self.ask("c")
        if not answer.startswith("T"):
            return False
        assert self.ask(f"z1,{address:x},1") == "OK"
        return True

    def step(self):
        """One instruction; the new instruction pointer, without its segment's base."""
        self.ask("s")
        return self.rip()

    def rip(self):
        return int.from_bytes(bytes.fromhex(self.ask(f"p{REGISTER_RIP:x}")), "little")

    def memory(self, address, count):
        return bytes.fromhex(self.ask(f"m{address:x},{count:x}"))

    def let_go(self):
        """Leave the machine running."""
        self.ask("D")
        self.socket.close()


def options(path):
    """QEMU's: stopped before its first instruction, listening."""
    return ["-S", "-gdb", f"unix:{path},server=on,wait=off"]
