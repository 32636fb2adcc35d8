# SPDX-License-Identifier: MIT
"""One point of a recording: the machine's whole state, told as what changed since the point before."""
import dataclasses

from see import descriptors, owners, paging, points, steps
from see.source import disassemble

IVT_BYTES, TABLE_MAX = 1024, 0x10000
SHOWN_BYTES = 64
CODE_FORWARD, CODE_BYTES = 14, 96
CODE_BACK = 40
ENTRY = steps.find("KERNEL_ENTRY")


class Moments:
    """The points so far, and what the last one saw."""

    def __init__(self, machine, places):
        self.machine, self.places = machine, places
        self.points = []
        self.owners = owners.Owners(places, machine.ram)
        self.last = {"registers": {}, "segments": {}}
        self.cpu = None  # the last point's
        self.total = 0
        self.step = 0
        self.tables = set()  # pages that hold page tables

    def add(self, cpu, pc, kind, ports, calls, reads):
        self.cpu = cpu
        total = self.machine.count()
        label = self.places.labels.get(pc)
        if self.is_kernel_entry(pc):
            label = ENTRY.label
            kind = "step"
        self.step = self.places.steps[label].number if label in self.places.steps else self.step
        where = self.places.line(pc) or ("", 0)
        point = {"index": len(self.points), "step": self.step, "label": self.places.name(pc) or label or "",
                 "kind": kind or self.places.kind(pc), "address": hex(pc), "file": where[0],
                 "line": where[1], "mode": cpu.mode, "instructions": total - self.total,
                 "total": total, "a20": cpu.a20}
        self.total = total
        changed = self.machine.ram.changes(self.owners.left_out(cpu))
        self.add_cpu(point, cpu)
        self.add_tables(point, cpu)
        self.add_paging(point, cpu, changed)
        self.add_memory(point, changed)
        point |= {"disk": reads, "io": ports, "calls": calls}
        self.add_changed(point, "screen", self.machine.screen())
        point["serial"] = self.machine.serial()
        point["code"] = self.code(cpu, pc)
        self.points.append(point)

    def is_kernel_entry(self, pc):
        """The first instruction behind the hand-off, of whatever kernel."""
        last = int(self.points[-1]["address"], 16) if self.points else 0
        return points.in_handoff(last) and not points.in_handoff(pc) and self.step < ENTRY.number

    def add_changed(self, point, name, value):
        if self.last.get(name) != value:
            self.last[name] = value
            point[name] = value

    def add_cpu(self, point, cpu):
        registers = {name: hex(value) for name, value in cpu.registers.items()}
        registers["tr"] = hex(cpu.segments["tr"].selector)
        registers["ldtr"] = hex(cpu.segments["ldtr"].selector)
        segments = {name: one.told(name, cpu.mode) for name, one in cpu.segments.items()}
        for name, values in (("registers", registers), ("segments", segments)):
            point[name] = {key: value for key, value in values.items()
                           if self.last[name].get(key) != value}
            self.last[name] = values

    def add_tables(self, point, cpu):
        long = cpu.mode in ("long", "compatibility")
        count = min(cpu["gdtr_limit"] + 1, TABLE_MAX)
        raw = self.machine.memory(cpu["gdtr_base"], count) if cpu["gdtr_limit"] else b""
        if self.last.get("gdt_raw") != (raw, long):
            self.last["gdt_raw"] = raw, long
            point["gdt"] = [told_descriptor(one) for one in descriptors.gdt(raw, long)]
        raw = self.machine.memory(cpu["idtr_base"], min(cpu["idtr_limit"] + 1, TABLE_MAX)) \
            if cpu["idtr_limit"] else b""
        real = cpu.mode == "real"
        if self.last.get("idt_raw") != (raw, real, long):
            self.last["idt_raw"] = raw, real, long
            gates = descriptors.vector_table(raw[:IVT_BYTES]) if real else descriptors.idt(raw, long)
            point["idt"] = [told_gate(one) for one in gates if real or one.raw]

    def add_paging(self, point, cpu, changed):
        key = (cpu["cr0"] >> 31, cpu["cr3"], cpu["cr4"], cpu["efer"])
        touched = any(page in self.tables for first, count in changed
                      for page in range(first & ~0xFFF, first + count, 4096))
        if self.last.get("paging_key") == key and not touched:
            return
        self.last["paging_key"] = key
        how = paging.kind(cpu["cr0"], cpu["cr4"], cpu["efer"])
        self.tables = set()
        if how is None:
            self.add_changed(point, "mappings", [])
            self.last["paging"] = {}
            return
        read = self.machine.ram.read
        tables = dict(all_tables(read, how, paging.root(how, cpu["cr3"]), cpu["efer"]))
        self.tables = {int(table, 16) for table, _ in tables}
        before = self.last.get("paging") or {}
        new = [{"phys": phys, "level": level, "runs": runs}
               for (phys, level), runs in tables.items() if before.get((phys, level)) != runs]
        if new or set(before) != set(tables):
            point["paging"] = {"root": hex(paging.root(how, cpu["cr3"])),
                               "levels": [name for name, *_ in how.levels], "tables": new}
        self.last["paging"] = tables
        self.add_changed(point, "mappings", [
            {"virt_first": hex(run.virt_first), "virt_last": hex(run.virt_last),
             "phys": hex(run.phys), "page": run.page_bytes, "flags": run.rights}
            for run in paging.mappings(read, how, cpu["cr3"], cpu["efer"])])

    def add_memory(self, point, changed):
        """Whose it is, is told at the end, when all owners are known."""
        point["memory"] = [
            {"first": hex(first), "bytes": count,
             "data": self.machine.ram.read(first, min(count, SHOWN_BYTES)).hex()}
            for first, count in changed]

    def code(self, cpu, pc):
        """[[address, hex bytes, text]]: from the label on when it is near, else from here."""
        start = pc
        symbol = self.places.symbols.symbol(pc)
        if symbol and 0 < pc - symbol[1] <= CODE_BACK:
            start = symbol[1]
        code = self.machine.memory(start, pc - start + CODE_BYTES)
        rows = disassemble(code, start, cpu.bits)
        if pc not in [row[0] for row in rows]:
            rows = disassemble(self.machine.memory(pc, CODE_BYTES), pc, cpu.bits)
        here = [row[0] for row in rows].index(pc) if rows else 0
        return [[hex(address), raw.hex(), text] for address, raw, text
                in rows[max(0, here - CODE_FORWARD):here + CODE_FORWARD]]


def told_descriptor(one):
    return {"index": one.index, "raw": hex(one.raw), "kind": one.kind, "base": hex(one.base),
            "limit": hex(one.limit), "dpl": one.dpl, "present": one.present, "text": one.text}


def told_gate(one):
    told = dataclasses.asdict(one)
    told.pop("raw")
    return told | {"offset": hex(one.offset), "text": one.text}


def all_tables(read, how, table, efer, depth=0):
    """((phys, level name), runs) of every page table, the root first."""
    name, shift, bits, _ = how.levels[depth]
    size = how.entry_bytes
    raw = read(table, size << bits)
    entries = [int.from_bytes(raw[at:at + size], "little") for at in range(0, len(raw), size)]
    yield (hex(table), name), runs_of(entries)
    for entry in entries:
        if not paging.reserved_bits(how, depth, entry, efer) and not paging.is_page(how, depth, entry):
            below = entry & (paging.ADDRESS if size == 8 else 0xFFFFF000)
            yield from all_tables(read, how, below, efer, depth + 1)


def runs_of(entries):
    """[[first index, count, first entry, step]] of what is not 0."""
    runs = []
    for index, entry in enumerate(entries):
        if entry == 0:
            continue
        last = runs[-1] if runs else None
        if last and last[0] + last[1] == index and last[1] == 1:
            last[3] = entry - last[2]
            if last[3] >= 0:
                last[1] = 2
                continue
        elif last and last[0] + last[1] == index and last[2] + last[1] * last[3] == entry:
            last[1] += 1
            continue
        runs.append([index, 1, entry, 0])
    return [[first, count, hex(entry), hex(step) if count > 1 else "0x0"]
            for first, count, entry, step in runs]
