# SPDX-License-Identifier: MIT
"""What each function does to its stack, followed instruction by instruction in the disassembly: how
deep it goes itself, and how deep it stands at each of its calls."""

import dataclasses
import re

LINE = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)(?:\s+(.*?))?\s*(?:#.*)?$")
TARGET = re.compile(r"^(?:0x)?([0-9a-f]+)(?: <.*>)?$")
TABLE_JUMP = re.compile(r"^\*(-?\d+)\(,%\w+,8\)$")
END = {"retq", "iretq", "lretq", "ud2", "ud1l", "ljmpl", "ljmpw", "ljmpq"}
READS_ONLY = {"cmpq", "cmpl", "testq", "testl", "pushq"}
WORD = 8
RUNAWAY_BYTES = 1 << 20


class StackError(Exception):
    """Something this reading of a function cannot follow."""


@dataclasses.dataclass(frozen=True)
class Call:
    """One call or tail jump: where, with how many bytes on the stack, to where; None: indirect."""
    site: int
    depth: int
    target: int | None
    tail: bool


@dataclasses.dataclass
class Frame:
    """own: the deepest this function goes without its calls, its return address not counted."""
    own: int = 0
    calls: list = dataclasses.field(default_factory=list)
    switches: bool = False


@dataclasses.dataclass(frozen=True)
class State:
    """Bytes on the stack above the return address; the same as it was when rbp was set from rsp."""
    rsp: int
    rbp: int | None


def disassembly(text):
    """{address: (mnemonic, operands, next address)} of llvm-objdump's text."""
    lines = [match for match in map(LINE.match, text.splitlines()) if match]
    addresses = [int(match.group(1), 16) for match in lines]
    return {at: (match.group(2), match.group(3) or "", after)
            for at, match, after in zip(addresses, lines, [*addresses[1:], None])}


def split_operands(text):
    return [part.strip() for part in re.split(r",(?![^(]*\))", text)] if text else []


def number(text):
    return int(text.removeprefix("$"), 0)


def lea(source, state):
    """The stack depth that leaq SOURCE, %rsp makes, or None."""
    match = re.match(r"^(-?\d*)\((%rsp|%rbp)\)$", source)
    if not match:
        return None
    base = state.rsp if match.group(2) == "%rsp" else state.rbp
    return None if base is None else base - int(match.group(1) or 0)


def moved(mnemonic, operands, state):
    """The depth after an instruction whose last operand is %rsp; None: it is on another stack."""
    source = operands[0]
    if mnemonic in ("subq", "addq") and source.startswith("$"):
        return state.rsp + number(source) * (1 if mnemonic == "subq" else -1)
    if mnemonic == "andq" and source.startswith("$-"):
        return state.rsp + -number(source) - WORD
    if mnemonic == "movq" and source == "%rbp":
        return state.rbp
    if mnemonic == "leaq":
        return lea(source, state)
    return None


def after(mnemonic, operands, state):
    """The state behind one instruction, or None if it moves the stack out of sight."""
    if mnemonic.startswith("push"):
        return State(state.rsp + WORD, state.rbp)
    if mnemonic.startswith("pop"):
        return State(state.rsp - WORD, None if operands == ["%rbp"] else state.rbp)
    if mnemonic in ("leave", "leaveq"):
        return None if state.rbp is None else State(state.rbp - WORD, None)
    if not operands or mnemonic in READS_ONLY:
        return state
    if operands[-1] in ("%rsp", "%esp", "%sp"):
        depth = moved(mnemonic, operands, state)
        return None if depth is None else State(depth, state.rbp)
    if operands[-1] == "%rbp":
        return State(state.rsp, state.rsp if operands[0] == "%rsp" else None)
    return state


def jump_table(image, operands, first, end):
    """The targets of a switch inside [first, end), or None if the jump leaves the function."""
    match = TABLE_JUMP.match(operands)
    if not match:
        return None
    table = int(match.group(1)) % (1 << 64)
    targets = []
    while (target := image.word(table)) is not None and first <= target < end:
        targets.append(target)
        table += WORD
    return targets if targets and targets != [first] else None


class Reader:
    """Reads one function: follow() until no path is left."""

    def __init__(self, code, image, first, end):
        self.code, self.image, self.first, self.end = code, image, first, end
        self.frame = Frame()
        self.seen = {}
        self.calls = {}
        self.waiting = [(first, State(0, None))]

    def go(self, address, state):
        known = self.seen.get(address)
        if known is not None and known.rsp >= state.rsp:
            return
        if state.rsp > RUNAWAY_BYTES:
            raise StackError(f"{address:#x}: the stack grows in a loop")
        self.waiting.append((address, state))

    def call(self, site, depth, target, tail):
        known = self.calls.get(site)
        if known is None or known.depth < depth:
            self.calls[site] = Call(site, depth, target, tail)

    def jump(self, address, operands, state):
        """A jump's target; outside the function it is a call that takes this one's place."""
        match = TARGET.match(operands)
        if match and self.first <= int(match.group(1), 16) < self.end:
            self.go(int(match.group(1), 16), state)
        elif match:
            self.call(address, state.rsp, int(match.group(1), 16), True)
        elif (targets := jump_table(self.image, operands, self.first, self.end)) is not None:
            for target in targets:
                self.go(target, state)
        else:
            self.call(address, state.rsp, None, True)

    def step(self, address, state):
        mnemonic, text, following = self.code[address]
        self.frame.own = max(self.frame.own, state.rsp)
        if mnemonic.startswith("call"):
            match = TARGET.match(text)
            self.call(address, state.rsp, int(match.group(1), 16) if match else None, False)
        elif mnemonic.startswith("j"):
            self.jump(address, text, state)
            if mnemonic.startswith("jmp"):
                return
        elif mnemonic in END:
            return
        else:
            state = after(mnemonic, split_operands(text), state)
            if state is None:
                self.frame.switches = True
                return
        if following is not None and following < self.end:
            self.go(following, state)

    def read(self):
        while self.waiting:
            address, state = self.waiting.pop()
            known = self.seen.get(address)
            if known is None or known.rsp < state.rsp:
                self.seen[address] = state
                self.step(address, state)
        self.frame.calls = [self.calls[site] for site in sorted(self.calls)]
        return self.frame


def read_function(code, image, first, end):
    return Reader(code, image, first, end).read()
