# SPDX-License-Identifier: MIT
"""The machine's tables in GDB: control registers and segments, GDT, IDT, page tables."""
import gdb

from see import descriptors, paging, state
from see.gdb_command import Command

SEGMENTS = ("cs", "ds", "es", "ss", "fs", "gs")
VECTOR_TABLE_BYTES = 1024
NO_TABLE = (0, 0xFFFF)  # GDTR's limit where no LGDT was run
SIZES = {1 << 12: "4 KiB", 1 << 21: "2 MiB", 1 << 22: "4 MiB", 1 << 30: "1 GiB"}
INDENT = 3


class MachineCommand(Command):
    def __init__(self, machine):
        super().__init__()
        self.machine = machine

    def paging(self):
        """(Kind, CR3, EFER), the Kind None when paging is off."""
        registers = self.machine.now.registers
        how = paging.kind(registers["cr0"], registers["cr4"], registers["efer"])
        return how, registers["cr3"], registers["efer"]

    def table(self, name):
        """The bytes a descriptor table register points to, as far as they are mapped."""
        registers = self.machine.now.registers
        base, limit = registers[f"{name}r_base"], registers[f"{name}r_limit"]
        try:
            return base, limit, self.machine.linear(base, limit + 1)
        except gdb.MemoryError:
            raise gdb.GdbError(f"{name.upper()}R says {base:X}h, limit {limit:X}h: nothing is mapped there")


class BootState(MachineCommand):
    """The machine's mode and what makes it: CR0, CR3, CR4, EFER and flags with their bits by name,
    every segment with base and limit, the descriptor tables, A20, the stack."""
    name = "boot-state"

    def run(self, _):
        now = self.machine.now
        how, cr3, _ = self.paging()
        registers = now.registers
        print(f"mode   {now.mode}, instructions of {self.machine.bits} bits; "
              f"A20 {'on' if now.a20 else 'OFF'}")
        for name in ("cr0", "cr4", "efer", "rflags"):
            print(f"{name:6} {registers[name]:<8X} {state.bits_text(name, registers[name])}")
        paged = f"{how.name} paging, root at {paging.root(how, cr3):X}h" if how else "paging is off"
        print(f"cr3    {cr3:<8X} {paged}; cr2 {registers['cr2']:X}h")
        for name in SEGMENTS:
            print(segment_line(name, now.segments[name], now.mode))
        print(f"tr     {registers['tr']:04X}; ldtr {registers['ldtr']:04X}")
        for name in ("gdt", "idt"):
            print(f"{name}r   base {registers[name + 'r_base']:X}h, limit {registers[name + 'r_limit']:X}h")
        print(f"stack  {stack_line(now)}")


def segment_line(name, segment, mode):
    text = f"{name:6} {segment.selector:04X}     base {segment.base:X}h, limit {segment.limit:X}h"
    if mode == "real":
        return text
    if not segment.attributes & 1 << 7:
        return text + ", empty"
    size = ""
    if segment.attributes & 8:
        size = {state.CS_L: ", 64-bit code", state.CS_D: ", 32-bit code"}.get(
            segment.attributes & (state.CS_L | state.CS_D), ", 16-bit code")
    return f"{text}{size}; {descriptors.selector_text(segment.selector)}"


def stack_line(now):
    if now.mode == "long":
        return f"rsp {now.registers['rsp']:X}h"
    return f"{now.segments['ss'].selector:04X}:{now.registers['rsp']:04X}"


class Gdt(MachineCommand):
    """The global descriptor table that GDTR points to, decoded; who uses an entry is named."""
    name = "gdt"

    def run(self, _):
        now = self.machine.now
        base, limit = now.registers["gdtr_base"], now.registers["gdtr_limit"]
        if now.mode == "real" and base == 0 and limit in NO_TABLE:
            print("GDTR is as after power-on: there is no table. Real mode needs none.")
            return
        base, limit, raw = self.table("gdt")
        print(f"GDT at {base:X}h, limit {limit:X}h: {len(raw) // descriptors.ENTRY_BYTES} entries of 8 bytes")
        long = bool(now.registers["efer"] & state.bit("efer", "LME"))
        for entry in descriptors.gdt(raw, long):
            users = [name.upper() for name in SEGMENTS
                     if now.mode != "real" and now.segments[name].selector & ~7 == entry.selector
                     and entry.index]
            users += ["TR"] if entry.index and now.registers["tr"] & ~7 == entry.selector else []
            used = f"  <- {' '.join(users)}" if users else ""
            print(f"{entry.selector:4X}h  {entry.raw:016X}  {entry.text}{used}")


class Idt(MachineCommand):
    """The interrupt table: idt [all]

    In real mode the vector table at 0, else the gates that IDTR points to. Neighbours that are alike
    are put together; `idt all` prints every one."""
    name = "idt"

    def run(self, text):
        now = self.machine.now
        base, limit, raw = self.table("idt")
        if now.mode == "real":
            print(f"vector table at {base:X}h, limit {limit:X}h, segment:offset")
            gates = descriptors.vector_table(raw[:VECTOR_TABLE_BYTES])
        else:
            long = bool(now.registers["efer"] & state.bit("efer", "LMA"))
            print(f"IDT at {base:X}h, limit {limit:X}h")
            gates = descriptors.idt(raw, long)
        for first, last in runs(gates, lambda gate: gate.text) if text != "all" else \
                [(gate, gate) for gate in gates]:
            numbers = f"{first.vector:02X}h" if first is last else f"{first.vector:02X}h-{last.vector:02X}h"
            print(f"{numbers:8} {first.text}{self.target(first)}")

    def target(self, gate):
        """The name of what is called."""
        address = gate.selector * 16 + gate.offset if gate.kind == "real" else gate.offset
        if gate.text == "empty":
            return ""
        name = gdb.format_address(address).partition(" ")[2]
        return f"  {name}" if name and not address >= 0xC0000 == (gate.kind == "real") else ""


def runs(things, key):
    """(first, last) of neighbours with one key."""
    found = []
    for thing in things:
        if found and key(found[-1][1]) == key(thing):
            found[-1] = found[-1][0], thing
        else:
            found.append((thing, thing))
    return found


class Tables(MachineCommand):
    """The page tables that CR3 points to: tables [ADDRESS]

    Without ADDRESS everything that is mapped, as runs. With one (an expression, such as $rsp or
    kernel_main) the walk to it, table by table, as the CPU does it."""
    name = "tables"

    def run(self, text):
        how, cr3, efer = self.paging()
        if not how:
            print("Paging is off (CR0.PG is 0): every address is a physical one.")
        elif text:
            value = gdb.parse_and_eval(text)
            if value.type.strip_typedefs().code == gdb.TYPE_CODE_FUNC:
                value = value.address
            self.walk(how, cr3, efer, int(value) & (1 << 64) - 1)
        else:
            self.everything(how, cr3, efer)

    def everything(self, how, cr3, efer):
        found = paging.mappings(self.machine.read, how, cr3, efer)
        print(f"{how.name} paging, root at {paging.root(how, cr3):X}h: {len(found)} runs")
        for run in found:
            print(f"{run.virt_first:016X}-{run.virt_last:016X} -> {run.phys:>9X}h  {run.rights:4} "
                  f"{SIZES[run.page_bytes]} pages")

    def walk(self, how, cr3, efer, address):
        print(f"{address:016X}, {how.name} paging, CR3 = {cr3:X}h")
        for depth, level in enumerate(paging.walk(self.machine.read, how, cr3, efer, address)):
            margin = " " * (INDENT * depth)
            branch = "" if depth == 0 else "+- "
            print(f"{margin[:-INDENT]}{branch}{level.name} at {level.table:X}h, entry {level.index} "
                  f"({bits_of(how, depth)}) = {level.entry:016X}  {level.flags}")
            if level.why:
                print(f"{margin}   stops here: {level.why}")
            elif level.page_bytes:
                offset = address % level.page_bytes
                print(f"{margin}+- page of {SIZES[level.page_bytes]} at {level.next:X}h, offset {offset:X}h"
                      f" = physical {level.next + offset:X}h")


def bits_of(how, depth):
    """Which bits of the address are the index."""
    if depth >= len(how.levels):
        return ""
    _, shift, count, _ = how.levels[depth]
    return f"bits {shift + count - 1}-{shift}"


def register(machine):
    for command in (BootState, Gdt, Idt, Tables):
        command(machine)
