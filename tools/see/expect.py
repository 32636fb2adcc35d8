# SPDX-License-Identifier: MIT
"""What a boot step promises about the machine, checked: the clauses of tools/see/steps.txt, whose
head says what they may be. Knows no emulator: a State is all that it looks at.
"""
import dataclasses
import re
from typing import Callable

from see import paging, state
from vmlib import paths, symbols

TOKEN = re.compile(r"\s*(?:(0x[0-9A-Fa-f]+|\d+)|([A-Za-z_][\w.]*)|(!=|<=|>=|[=<>+\-&\[\]]))")
COMPARE = {"=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
           "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}
MEMORY = {"byte": 1, "word": 2, "dword": 4, "qword": 8}
DESCRIPTOR_BYTES = 8
LOW_PARTS = {name: (f"r{name}", 0xFFFF) for name in ("ax", "bx", "cx", "dx", "si", "di", "bp", "sp")}
LOW_PARTS |= {f"e{name}": (f"r{name}", 0xFFFFFFFF) for name in list(LOW_PARTS)}
LOW_PARTS |= {f"{name}l": (f"r{name}x", 0xFF) for name in "abcd"}
SEGMENT_PARTS = ("selector", "base", "limit", "attributes")
# Of the attributes: place of the lowest bit, mask.
SEGMENT_BITS = {"L": (13, 1), "D": (14, 1), "dpl": (5, 3), "present": (7, 1)}


@dataclasses.dataclass
class State:
    """A stopped machine.

    registers  rax .. r15, rip, rflags, cr0, cr2, cr3, cr4, efer, gdtr_base, gdtr_limit, idtr_base,
               idtr_limit, tr, ldtr
    segments   {"cs": see.state.Segment, ...}
    a20        whether the line is on
    read       (physical address, count) -> bytes
    """
    registers: dict
    segments: dict
    a20: bool
    read: Callable

    @property
    def mode(self):
        return state.mode(self.registers["cr0"], self.registers["efer"],
                          self.segments["cs"].attributes, self.registers["rflags"])

    @property
    def linear_rip(self):
        """Where the CPU reads its next instruction."""
        base = 0 if self.mode == "long" else self.segments["cs"].base
        return base + self.registers["rip"]

    def physical(self, address):
        """Where a linear address leads; None when it is not mapped."""
        cr0, cr3, cr4, efer = (self.registers[name] for name in ("cr0", "cr3", "cr4", "efer"))
        how = paging.kind(cr0, cr4, efer)
        return paging.translate(self.read, how, cr3, efer, address) if how else address

    def memory(self, address, count):
        """Bytes at a linear address; ValueError in words when it is not mapped."""
        place = self.physical(address)
        if place is None:
            raise ValueError(f"{address:X}h is not mapped")
        return self.read(place, count)


def check(machine, expectation, names):
    """What is wrong with a State, a sentence each. `names` are {constant or label: number}.

    An expectation that cannot be understood is a ValueError.
    """
    found = (broken(machine, clause, names) for clause in clauses(expectation))
    return [sentence for sentence in found if sentence]


def check_step(machine, step, names):
    """check(), and that the machine is at the step's label in the mode that steps.h says."""
    wrong = []
    if machine.mode != step.mode:
        wrong.append(f"the mode is {machine.mode}, not {step.mode}")
    if machine.linear_rip != names[step.label]:
        wrong.append(f"the CPU is at {machine.linear_rip:X}h, not at {step.label}, "
                     f"{names[step.label]:X}h")
    return wrong + check(machine, step.expect, names)


def names():
    """{constant or label: number} of the build."""
    found = {}
    for stem in ("kernel", "stage2", "stage1"):
        found |= symbols.table(paths.BUILD / f"{stem}.sym")
    return found | symbols.constants()


def number(text, known):
    """What a side says that needs no machine: "LOW_ANSWERS + 4"."""
    reader = Reader(State({}, {}, False, None), text, known)
    value = reader.side()
    reader.end()
    return value


def clauses(expectation):
    return [" ".join(clause.split()) for clause in expectation.split(";") if clause.strip()]


def broken(machine, clause, names):
    """The sentence for one clause; None when it holds."""
    word, _, rest = clause.partition(" ")
    if word == "a20" and rest in ("on", "off"):
        return None if machine.a20 == (rest == "on") else f"A20 is not {rest}"
    reader = Reader(machine, clause, names)
    if word in ("mapped", "unmapped"):
        reader.take()
        address = reader.side()
        reader.end()
        is_mapped = machine.physical(address) is not None
        return None if is_mapped == (word == "mapped") else f"{rest} ({address:X}h) is not {word}"
    try:
        left = reader.side()
        operator = reader.take()
        if operator not in COMPARE:
            raise ValueError(f"`{clause}`: {operator or 'the end'} is no comparison")
        right = reader.side()
    except LookupError as problem:
        return f"`{clause}` cannot hold: {problem.args[0]}"
    reader.end()
    if COMPARE[operator](left, right):
        return None
    return f"{clause.split(f' {operator} ')[0]} is {left:X}h, expected {operator} {right:X}h ({clause})"


class Reader:
    """Reads a clause from left to right and works out its sides."""

    def __init__(self, machine, clause, names):
        self.machine, self.clause, self.names = machine, clause, names
        self.tokens = tokens(clause)

    def take(self):
        return self.tokens.pop(0) if self.tokens else ""

    def end(self):
        if self.tokens:
            raise ValueError(f"`{self.clause}`: `{self.tokens[0]}` is too much")

    def side(self):
        value = self.term()
        while self.tokens and self.tokens[0] in "+-&":
            operator, term = self.take(), self.term()
            if operator == "&":
                value &= term
            else:
                value += term if operator == "+" else -term
        return value

    def term(self):
        token = self.take()
        if token[:1].isdigit():
            return int(token, 0)
        if self.tokens[:1] == ["["]:
            return self.cell(token)
        return value_of(self.machine, token, self.names)

    def cell(self, kind):
        self.take()
        index = self.side()
        if self.take() != "]":
            raise ValueError(f"`{self.clause}`: a ] is missing")
        address, count = index, MEMORY.get(kind, DESCRIPTOR_BYTES)
        if kind == "gdt":
            address = self.machine.registers["gdtr_base"] + index * DESCRIPTOR_BYTES
        elif kind not in MEMORY:
            raise ValueError(f"`{self.clause}`: `{kind}` is no kind of memory")
        try:
            return int.from_bytes(self.machine.memory(address, count), "little")
        except ValueError as problem:
            raise LookupError(str(problem)) from problem


def tokens(clause):
    found, at = [], 0
    while at < len(clause):
        match = TOKEN.match(clause, at)
        if not match:
            raise ValueError(f"`{clause}`: what is `{clause[at:]}`?")
        found.append(match[1] or match[2] or match[3])
        at = match.end()
    return found


def value_of(machine, name, names):
    """A register, part of one, selector, part of a segment, constant or label; else ValueError."""
    first, _, part = name.partition(".")
    if name in machine.registers:
        return machine.registers[name]
    if name in LOW_PARTS and machine.registers:
        register, mask = LOW_PARTS[name]
        return machine.registers[register] & mask
    if first in machine.segments:
        return segment_part(machine.segments[first], part or "selector")
    if first in state.BITS and part in state.BITS[first].values():
        return int(machine.registers[first] & state.bit(first, part) != 0)
    if name in names:
        return names[name]
    raise ValueError(f"nothing is called `{name}`")


def segment_part(segment, part):
    if part in SEGMENT_BITS:
        place, mask = SEGMENT_BITS[part]
        return segment.attributes >> place & mask
    if part in SEGMENT_PARTS:
        return getattr(segment, part)
    raise ValueError(f"a segment has no `{part}`")
