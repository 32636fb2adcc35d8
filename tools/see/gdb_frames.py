# SPDX-License-Identifier: MIT
"""Who called the assembly that runs: GDB's frames for code that says nothing about them.

How much a routine has on the stack at some instruction follows from its own pushes and pops, along
every way from its label to there. Only behind that lies the return address, and it counts only if a
call ends where it points. With true frames GDB's own next, finish, up and backtrace work in 16-bit
code, and an `int` is stepped over like any call.
"""
import bisect
import re

import gdb
import gdb.unwinder

from see import gdb_machine, source

PUSHED = {"pusha": 16, "pushaw": 16, "pushad": 32, "popa": -16, "popaw": -16, "popad": -32}
PUSH_OR_POP = re.compile(r"^(?:o(?:16|32) )?(push|pop)(f?)([dqw]?)(?: (.+))?$")
WIDE = re.compile(r"^(?:e[a-ds][xip]|dword|o32)\b")
ADJUST = re.compile(r"^(add|sub) r?e?sp,(?:byte |word |dword )?([+-]?0x[0-9a-f]+)$")
JUMP = re.compile(r"^(?:o32 )?(j\w+|loop\w*)(?: (?:short|near))? (0x[0-9a-f]+)$")
FAR_JUMP = re.compile(r"^(?:cs )?jmp (?:word )?far \[")
LEAVES = re.compile(r"^(?:o(?:16|32|64) )?(?:ret|retf|retn|iret|hlt|ud2|jmp)")
UNKNOWN = re.compile(r"(?:,|^)(?:leave|enter)|^(?:mov|lea|and|xchg) r?e?sp,")
# The end of the bytes before a return address: CALL rel; CALL and CALL FAR from memory or a register;
# INT; and in 16 bits JMP FAR from memory, which stage 2 calls a BIOS vector with.
LONGEST_CALL = 7
CALLS = {16: re.compile(rb"(?:\xE8..|\xCD.|\xFF[\x16\x1E\x2E]..|\xFF[\x10-\x1F\xD0-\xD7])$", re.DOTALL),
         32: re.compile(rb"(?:\xE8....|\xFF[\x10-\x1F\xD0-\xD7]|\xFF[\x15\x1D]....)$", re.DOTALL)}
CALLS[64] = re.compile(CALLS[32].pattern[:-2] + rb"|\xFF\x14\x25....|\xFF[\x50-\x57].)$", re.DOTALL)
MOST_INSTRUCTIONS = 400
# All that a caller's frame is shown with: as they are now.
REGISTERS = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13",
             "r14", "r15", "eflags", "cs", "ss", "ds", "es", "fs", "gs", "cr0", "cr3", "cr4", "efer")
ASSEMBLY = (".asm", ".inc")
CR0_PE = 1
RESET_ROM = 0xFFFF  # upper half of where a CPU begins
# An interrupt in real mode pushes flags, CS and IP. A BIOS has a stack of its own or goes deep.
INTERRUPT_BYTES = 6
BIOS_DEPTH_WORDS = 512


def pushed(text, bits):
    """How many bytes one instruction adds to the stack; None when that cannot be said."""
    if text in PUSHED:
        return PUSHED[text]
    match = PUSH_OR_POP.match(text)
    if match:
        verb, flags, size, operand = match.groups()
        count = {16: 2, 32: 4, 64: 8}[bits]
        if bits == 16 and (size == "d" or text.startswith("o32") or WIDE.match(operand or "")):
            count = 4
        return count if verb == "push" else -count
    match = ADJUST.match(text)
    if match:
        return int(match.group(2), 16) * (-1 if match.group(1) == "add" else 1)
    return None if UNKNOWN.search(text) else 0


class Depths:
    """How deep a routine's stack is at each of its instructions."""

    def __init__(self, code):
        self.code = code
        self.known = {}  # (routine, bits): {address: bytes}

    def at(self, routine, address, bits):
        """Bytes above the return address, or None."""
        key = routine, bits
        if key not in self.known or address not in self.known[key]:
            self.known[key] = self.walk(routine, bits)
        return self.known[key].get(address)

    def walk(self, routine, bits):
        found, ways = {}, [(routine, 0)]
        while ways and len(found) < MOST_INSTRUCTIONS:
            address, depth = ways.pop()
            if address in found:
                continue
            found[address] = depth
            length, text = self.code.instruction(address, bits)
            more = pushed(text, bits)
            if more is None:
                continue
            jump = JUMP.match(text)
            if jump:
                ways.append((int(jump.group(2), 16), depth))
            if bits == 16 and FAR_JUMP.match(text):  # an `int` by hand: IRET pops its frame
                ways.append((address + length, depth - INTERRUPT_BYTES))
            if not LEAVES.match(text):
                ways.append((address + length, depth + more))
        return found


class FrameId:
    """What GDB tells one call from another by: the stack pointer before it, and its routine."""

    def __init__(self, sp, pc):
        self.sp, self.pc = gdb.Value(sp), gdb.Value(pc)


class Unwinder(gdb.unwinder.Unwinder):
    """Of assembly, and of the BIOS as far as it was called from there."""

    def __init__(self, code, symbols):
        super().__init__("coldstart")
        self.code, self.symbols, self.depths = code, symbols, Depths(code)

    def __call__(self, frame):
        try:
            pc, sp = int(frame.read_register("rip")), int(frame.read_register("rsp"))
            if pc == 0:  # nobody called; GDB shows no frame behind this one
                return self.unwound(frame, FrameId(sp, 0), 0, sp + 8)
            if self.is_bios(frame, pc):
                return self.from_bios(frame, sp)
            return self.from_assembly(frame, pc, sp)
        except (gdb.error, KeyError):
            return None

    @staticmethod
    def is_bios(frame, pc):
        in_rom = gdb_machine.BIOS_FIRST <= pc < 1 << 20 or pc >> 16 == RESET_ROM
        return in_rom and not int(frame.read_register("cr0")) & CR0_PE

    def from_assembly(self, frame, pc, sp):
        place, stretch = self.symbols.line(pc), self.code.stretches.of(pc)
        if not place or not place[0].endswith(ASSEMBLY) or not stretch:
            return None
        bits, routine = stretch[2], self.routine(pc)
        depth = self.depths.at(routine, pc, bits)
        if depth is None:
            return None if bits == 64 else self.unwound(frame, FrameId(sp, routine), 0, sp)
        size = {16: 2, 32: 4, 64: 8}[bits]
        top = sp + depth
        caller = int.from_bytes(self.code.machine.linear(top, size), "little")
        return self.unwound(frame, FrameId(top + size, routine),
                            caller if self.is_call(caller, bits) else 0, top + size)

    def routine(self, pc):
        """Address of the last label before pc that is no inner one."""
        names = self.symbols.names
        for at in range(bisect.bisect_right(names, pc, key=lambda pair: pair[0]) - 1, -1, -1):
            if "." not in names[at][1]:
                return names[at][0]
        raise KeyError(pc)

    def is_call(self, address, bits):
        """Whether the instruction before an address is a call or an interrupt."""
        if address < source.STAGE1_ORIGIN:
            return False
        try:
            return bool(CALLS[bits].search(self.code.machine.linear(address - LONGEST_CALL, LONGEST_CALL)))
        except gdb.MemoryError:
            return False

    def from_bios(self, frame, sp):
        """Back to our `int`: where the stack, searched upward, has what it pushed."""
        stack = (int(frame.read_register("ss")) << 4) + (sp & 0xFFFF)
        raw = self.code.machine.linear(stack, 2 * BIOS_DEPTH_WORDS)
        for at in range(0, len(raw) - INTERRUPT_BYTES + 1, 2):
            ip, cs = (int.from_bytes(raw[at + n:at + n + 2], "little") for n in (0, 2))
            stretch = self.code.stretches.of(ip)
            if cs == 0 and stretch and stretch[2] == 16 and self.is_call(ip, 16):
                top = stack + at + INTERRUPT_BYTES
                return self.unwound(frame, FrameId(top, 0), ip, top)
        return None

    @staticmethod
    def unwound(frame, frame_id, pc, sp):
        info = frame.create_unwind_info(frame_id)
        for name in REGISTERS:
            info.add_saved_register(name, frame.read_register(name))
        kind = frame.read_register("rip").type
        info.add_saved_register("rip", gdb.Value(pc).cast(kind))
        info.add_saved_register("rsp", gdb.Value(sp).cast(frame.read_register("rsp").type))
        return info
