# SPDX-License-Identifier: MIT
"""Instructions in GDB, in the bits that they are for: 16 in stage 1 and in stage 2's real part, 32
for a moment in between, 64 after that. GDB itself takes all of it for 64-bit code.

Where the CPU stands, its own mode counts, whatever the source meant; in the BIOS too.
"""
import re

import gdb
import gdb.disassembler

from see import source

CODE_BITS = {"stage1:.text": 16, "stage2:.real": 16}
# Sections of 64-bit code with one 32-bit piece: its first label, and the one behind it.
CODE32 = {"stage2:.low": ("protected_mode", "long_mode"),
          "kernel:.foreign": ("five_levels_protected", "foreign_long")}
SECTION = re.compile(r"\] +0x([0-9a-f]+)->0x([0-9a-f]+) at \S+ (\S+) .*\bCODE\b")
OBJECT_FILE = re.compile(r"(\w+)\.symbols'")
WINDOW_BYTES = 256  # how much is disassembled at a time
ADDRESS_MASK = (1 << 64) - 1  # GDB gives the upper half as negative numbers
LONGEST = 15  # bytes of one instruction
BRANCH = re.compile(r"^((?:call|j\w+|loop\w*)(?: \w+)*? )(0x[0-9a-f]+)$")
OPERAND = re.compile(r"\[(?:\w\w:)?(?:rel |abs |word |dword )?(?:qword )?(0x[0-9a-f]+)\]")


class Stretches:
    """Runs of code for the same bits, from the symbol files' sections."""

    def __init__(self):
        self.known = []  # (first, end, bits)
        stem = ""
        for line in gdb.execute("maintenance info sections -all-objects", to_string=True).splitlines():
            file, section = OBJECT_FILE.search(line), SECTION.search(line)
            stem = file.group(1) if file else stem
            if section:
                first, end = (int(part, 16) for part in section.groups()[:2])
                self.add(f"{stem}:{section.group(3)}", first, end)

    def add(self, name, first, end):
        if name in CODE32:
            begin, stop = map(address_of, CODE32[name])
            self.known += [(first, begin, 64), (begin, stop, 32), (stop, end, 64)]
        else:
            self.known.append((first, end, CODE_BITS.get(name, 64)))

    def of(self, address):
        """(first, end, bits), or None."""
        for stretch in self.known:
            if stretch[0] <= address < stretch[1]:
                return stretch
        return None


def address_of(label):
    return int(gdb.parse_and_eval(f"(unsigned long)&{label}"))


class Code:
    """What the disassembler and the unwinder ask. What was read counts until the machine goes on."""

    def __init__(self, machine):
        self.machine, self.stretches = machine, Stretches()
        self.rows = {}  # (address, bits): (length, text)
        for event in (gdb.events.cont, gdb.events.memory_changed):
            event.connect(lambda _: self.rows.clear())

    def bits(self, address):
        here = self.stretches.of(address)
        if here == self.stretches.of(self.machine.now.linear_rip):
            return self.machine.bits
        return here[2] if here else self.machine.bits

    def instruction(self, address, bits=None, read=None):
        """(length, text) at a linear address. GDB's MemoryError when nothing is mapped there."""
        bits, read = bits or self.bits(address), read or self.machine.linear
        if (address, bits) not in self.rows:
            raw = window(read, address)
            for at, code, text in source.disassemble(raw, address, bits):
                if at == address or at + LONGEST <= address + len(raw):
                    self.rows[at, bits] = len(code), text
        return self.rows[address, bits]


def window(read, address):
    """Some code, as far as there is memory."""
    count = WINDOW_BYTES
    while True:
        try:
            return bytes(read(address, count))
        except gdb.MemoryError:
            if count == 1:
                raise
            count //= 2


def named(text):
    """An instruction with the names of the addresses in it."""
    branch = BRANCH.match(text)
    if branch:
        return branch.group(1) + gdb.format_address(int(branch.group(2), 16))
    operand = OPERAND.search(text)
    if operand:
        name = gdb.format_address(int(operand.group(1), 16)).partition(" ")[2]
        return f"{text}  ; {name.strip('<>')}" if name else text
    return text


class Disassembler(gdb.disassembler.Disassembler):
    """Takes GDB's place for x/i, disassemble, display/i and layout asm."""

    def __init__(self, code):
        super().__init__("coldstart")
        self.code = code

    def __call__(self, info):
        def read(_, count):
            return info.read_memory(count, 0)
        length, text = self.code.instruction(info.address & ADDRESS_MASK, read=read)
        return gdb.disassembler.DisassemblerResult(length, named(text))
