# SPDX-License-Identifier: MIT
"""QEMU's own log, read: the CPU's state before an instruction, exceptions, resets.

Of `-d int,cpu,cpu_reset`, and of the monitor's `info registers`, which looks the same.
"""
import dataclasses
import functools
import re

from see import state

EVENT = re.compile(
    r"^(?:(?P<dump>[ER]AX=.*?^EFER=[0-9a-f]+)"
    r"|check_exception old: 0x(?P<old>\w+) new 0x(?P<new>\w+)"
    r"|Servicing hardware INT=0x(?P<hardware>\w+)"
    r"| *\d+: v=(?P<vector>\w+) e=(?P<error>\w+) i=(?P<soft>\w+) cpl=\d IP=\w+:\w+ pc=(?P<pc>\w+)"
    r"[^\n]*$"
    r"|(?P<triple>Triple fault))",
    re.MULTILINE | re.DOTALL,
)
REGISTER = re.compile(r"\b([ER][A-DIS][XIP]|[ER]BP|[ER]SP|R8|R9|R1[0-5]) *=([0-9a-f]+)")
POINTER = re.compile(r"^[ER]IP=([0-9a-f]+) [ER]FL=([0-9a-f]+).* A20=(\d) SMM=(\d) HLT=(\d)", re.M)
CODE_BASE = re.compile(r"^CS =\w+ (\w+)", re.M)
SEGMENT = re.compile(r"^(ES|CS|SS|DS|FS|GS|LDT|TR) *=(\w+) (\w+) (\w+) (\w+)", re.M)
TABLE = re.compile(r"^(GDT|IDT)= +(\w+) (\w+)", re.M)
CONTROL = re.compile(r"\b(CR[0234]|EFER)=([0-9a-f]+)")
NO_FAULT = 0xFFFFFFFF


class State:
    """The CPU at one moment, read from a dump's text as far as it is asked."""

    def __init__(self, text):
        self.text = text
        rip, flags, a20, smm, halted = POINTER.search(text).groups()
        self.rip, self.flags = int(rip, 16), int(flags, 16)
        self.a20, self.smm, self.halted = a20 == "1", smm == "1", halted == "1"
        self.pc = self.rip + int(CODE_BASE.search(text).group(1), 16)

    @functools.cached_property
    def registers(self):
        """By their 32-bit names without the E: {"ax", ..., "r15"}, whole."""
        return {
            (
                name.lower().removeprefix("e")
                if name[0] == "E"
                else name[1:].lower() if name[1].isalpha() else name.lower()
            ): int(value, 16)
            for name, value in REGISTER.findall(self.text)
        }

    @functools.cached_property
    def segments(self):
        return {
            name.lower(): state.Segment(int(sel, 16), int(base, 16), int(limit, 16), int(flags, 16) >> 8)
            for name, sel, base, limit, flags in SEGMENT.findall(self.text)
        }

    @functools.cached_property
    def tables(self):
        """{"gdt": (base, limit), "idt": ...}."""
        return {
            name.lower(): (int(base, 16), int(limit, 16))
            for name, base, limit in TABLE.findall(self.text)
        }

    @functools.cached_property
    def control(self):
        return {name.lower(): int(value, 16) for name, value in CONTROL.findall(self.text)}

    @property
    def mode(self):
        return state.mode(
            self.control["cr0"], self.control["efer"], self.segments["cs"].attributes, self.flags
        )

    @property
    def bits(self):
        """How the CPU reads code now: 16, 32 or 64."""
        return state.code_bits(self.mode, self.segments["cs"].attributes)

    @property
    def ia32e(self):
        """Long mode or its compatibility mode: gates of 16 bytes, tables of four levels."""
        return bool(self.control["efer"] & state.bit("efer", "LMA"))

    def __getitem__(self, name):
        """A 16-bit or 8-bit register's value, or a whole one: "ax", "ah", "eax", "rax"."""
        if name[0] in "er" and len(name) == 3 and name[1].isalpha():
            return self.registers[name[1:]] & (0xFFFFFFFF if name[0] == "e" else ~0)
        if name[-1] == "h" and len(name) == 2:
            return self.registers[name[0] + "x"] >> 8 & 0xFF
        if name[-1] == "l" and len(name) == 2:
            return self.registers[name[0] + "x"] & 0xFF
        if name in self.segments:
            return self.segments[name].selector
        return self.registers[name] & (0xFFFF if name[0] != "r" else ~0)

    @property
    def carry(self):
        return bool(self.flags & 1)

    @property
    def interrupts(self):
        return bool(self.flags & state.bit("rflags", "IF"))


@dataclasses.dataclass
class Fault:
    """An exception (or an interrupt in protected mode) as the CPU began to deliver it."""

    vector: int
    error: int
    software: bool
    hardware: bool
    pc: int
    state: State
    during: int = NO_FAULT  # the exception that was being delivered

    @property
    def cr2(self):
        return self.state.control["cr2"]


@dataclasses.dataclass
class Raised:
    """The CPU noticed an exception; in real mode all that the log has of it."""

    old: int
    new: int


class Triple:
    """The CPU gave up."""


def events(text):
    """The log in order: State, Raised, Fault, Triple."""
    hardware, waiting, raised = None, None, None
    for match in EVENT.finditer(text):
        kind = match.lastgroup
        if match["dump"]:
            dump = State(match["dump"])
            if waiting is not None:
                waiting.state = dump
                yield waiting
                waiting = None
            elif not dump.smm:
                yield dump
        elif match["new"]:
            raised = Raised(int(match["old"], 16), int(match["new"], 16))
            yield raised
        elif match["hardware"]:
            hardware = int(match["hardware"], 16)
        elif match["vector"]:
            vector = int(match["vector"], 16)
            waiting = Fault(
                vector,
                int(match["error"], 16),
                match["soft"] == "1",
                hardware == vector,
                int(match["pc"], 16),
                None,
                raised.old if raised else NO_FAULT,
            )
            hardware, raised = None, None
        elif kind == "triple":
            yield Triple()
