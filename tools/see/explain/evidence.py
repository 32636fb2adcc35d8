# SPDX-License-Identifier: MIT
"""All that is known of a run, in the form in which the rules ask for it."""
import bisect
import functools

from see import descriptors, paging, source
from see.explain import log, opcodes, run
from see.explain.calls import PACKET_BYTES, READ_LBA, Call

SECTOR_BYTES, SIGNATURE_AT = 512, 510
AHEAD = 64  # steps by which the two runs may differ, when an interrupt came at another one
BOOT_FIRST, BOOT_END = 0x7C00, 0x7E00


class Evidence:
    """One run and its image. `where` knows names and lines, `expect` is what it should have said."""

    def __init__(self, image, found, where, expect=None, floppy=False):
        self.image, self.run, self.path, self.where = image, found, found.path, where
        self.ended, self.expect, self.floppy = found.ended, expect, floppy
        self.states = {}  # step: State before it
        self.state_steps = {}  # place's number: the steps at which its state is known
        self.faults = []  # (step, Fault) in order
        self.raised = []  # (step, Raised): in real mode there is no more
        self.triple = False
        self.hostile = None  # the Evidence of a run on a machine that gives nothing for free
        if self.started:
            self.read_log()

    @property
    def started(self):
        return bool(self.path.header()["started"])

    def read_log(self):
        """Give each state of the log its step: both runs went the same way."""
        ranges = [
            tuple(int(end, 16) for end in part.split(".."))
            for part in run.filter_text(self.path).split(",")
        ]
        starts = [first for first, _ in ranges]
        marked = bytearray(max(self.path.places) + 1)
        for number, place in self.path.places.items():
            at = bisect.bisect_right(starts, place.address) - 1
            marked[number] = at >= 0 and place.address <= ranges[at][1]
        wanted = self.path.way[: run.last_wanted(self.run)]
        steps = [step for step, number in enumerate(wanted) if marked[number]]
        self.zip_states(steps, [self.path.at(step) for step in steps])

    def zip_states(self, steps, places):
        at, last = 0, None
        for event in log.events(self.run.log):
            if isinstance(event, log.State):
                found = next(
                    (
                        ahead
                        for ahead in range(at, min(at + AHEAD, len(steps)))
                        if places[ahead].address == event.pc
                    ),
                    None,
                )
                again = at and places[at - 1].address == event.pc and found != at
                if found is None or again:
                    continue  # an iteration of REP, or an interrupt came before it ran
                last, at = steps[found], found + 1
                self.states[last] = event
                self.state_steps.setdefault(places[found].number, []).append(last)
            elif last is not None and isinstance(event, log.Raised):
                self.raised.append((last, event))
            elif last is not None and isinstance(event, log.Fault):
                self.faults.append((last, event))
            elif isinstance(event, log.Triple):
                self.triple = True

    # -- the way ------------------------------------------------------------------------------

    @property
    def last_step(self):
        return self.path.step_count() - 1

    @functools.cached_property
    def known_steps(self):
        return sorted(self.states)

    def state_before(self, step):
        """The State at a step, or the last one known before it."""
        at = bisect.bisect_right(self.known_steps, step) - 1
        return self.states[self.known_steps[at]] if at >= 0 else None

    def state_after(self, step):
        """The first State known behind a step."""
        at = bisect.bisect_right(self.known_steps, step)
        return self.states[self.known_steps[at]] if at < len(self.known_steps) else self.run.state

    def bits(self, step):
        known = self.state_before(step)
        return known.bits if known else 16

    @functools.lru_cache(maxsize=100_000)
    def text(self, place, bits=None):
        """The instruction in words, in the mode in which it ran first."""
        rows = source.disassemble(place.code, place.address, bits or self.bits(place.first_step))
        return rows[0][2] if rows else ""

    @functools.cached_property
    def places(self):
        """All places in the order in which they ran first."""
        return sorted(self.path.places.values(), key=lambda place: place.first_step)

    @functools.cached_property
    def code(self):
        """[(place, text)] of all that ran outside the firmware, first things first."""
        texts = {}
        groups = {}
        for place in self.places:
            if not 0xA0000 <= place.address < 0x100000:
                groups.setdefault(self.bits(place.first_step), []).append(place)
        for bits, places in groups.items():
            texts.update(disassembled(places, bits))
        return [(place, texts[place]) for place in self.places if place in texts]

    def ran(self, pattern):
        """[(place, match)] of the instructions whose text matches, first things first."""
        found = ((place, pattern.search(text)) for place, text in self.code)
        return [(place, match) for place, match in found if match]

    def moments(self, place):
        """[(step, state before, state after)] of a place as far as the states are known."""
        return [
            (step, self.states[step], self.states.get(step + 1) or self.state_after(step))
            for step in self.state_steps.get(place.number, [])
        ]

    @functools.cached_property
    def calls(self):
        """Every software interrupt that the guest made in real mode, in order."""
        found = []
        for place in self.places:
            if opcodes.opcode(place.code)[0] == 0xCD:
                found += [
                    Call(step, place, before, after) for step, before, after in self.moments(place)
                ]
        return sorted(found, key=lambda call: call.step)

    @functools.cached_property
    def reads(self):
        """Its disk reads."""
        return [call for call in self.calls if call.is_read and self.is_known(call)]

    def is_known(self, call):
        """Whether what the call asked for can still be read: a packet is, unless it was changed later."""
        if call.function != READ_LBA:
            return True
        at = call.packet_at
        return all(self.path.writer(at + offset)[1] <= call.step for offset in range(PACKET_BYTES))

    @functools.cached_property
    def chain(self):
        """The faults that ended it, first things first: [Fault], empty when it did not fall."""
        found = []
        if self.triple:
            for _, fault in reversed(self.faults):
                found.insert(0, fault)
                if fault.during == log.NO_FAULT:
                    break
        # An interrupt whose delivery was the first fault began it all.
        before = self.faults[: len(self.faults) - len(found)]
        if (
            found
            and before
            and (before[-1][1].hardware or before[-1][1].software)
            and before[-1][1].pc == found[0].pc
        ):
            found.insert(0, before[-1][1])
        return found

    @property
    def first_fault(self):
        """The fault that all others followed from: of the chain, or else the last unasked one."""
        if self.chain:
            return self.chain[0]
        own = [fault for _, fault in self.faults if not fault.hardware and not fault.software]
        return own[-1] if own else None

    @functools.cached_property
    def own_faults(self):
        """[(step, Fault)] of the CPU's exceptions; interrupts and INT left out."""
        return [
            (step, fault) for step, fault in self.faults if not fault.hardware and not fault.software
        ]

    @functools.cached_property
    def real_faults(self):
        """[(step, vector)] of exceptions in real mode."""
        return [
            (step, raised.new) for step, raised in self.raised if self.state_before(step).mode == "real"
        ]

    def place_at(self, address):
        """The Place at an address that ran last, or None."""
        found = [place for place in self.path.places.values() if place.address == address]
        return max(found, key=lambda place: place.last_step, default=None)

    def text_at(self, fault):
        """The instruction that faulted, in words; "" when it cannot be read."""
        code = self.linear(fault.state, fault.pc, 15)
        rows = source.disassemble(code, fault.pc, fault.state.bits) if code else []
        return rows[0][2] if rows else ""

    @functools.cached_property
    def blank_code(self):
        """The first Place that ran where nothing had ever been written, or None."""
        for place in self.places:
            if place.address < 0xA0000 or place.address >= 0x100000:
                now = self.state_before(place.first_step)
                phys = self.physical(now, place.address) if now else place.address
                if phys is not None and phys < len(self.run.ram) and not self.was_written(phys):
                    return place
        return None

    def came_from(self, place):
        """The Place that ran right before another ran first."""
        return self.path.at(place.first_step - 1) if place.first_step else None

    # -- memory -------------------------------------------------------------------------------

    def memory(self, phys, count):
        """RAM as it was at the end; beyond its end all ones."""
        got = self.run.ram[phys : phys + count] if phys >= 0 else b""
        return got + b"\xff" * (count - len(got))

    def paging(self, now):
        return paging.kind(now.control["cr0"], now.control["cr4"], now.control["efer"])

    def physical(self, now, address):
        """Of a linear address; None when it is not mapped."""
        how = self.paging(now)
        if how is None:
            return address
        return paging.translate(self.memory, how, now.control["cr3"], now.control["efer"], address)

    def walk(self, now, address):
        how = self.paging(now)
        return (
            paging.walk(self.memory, how, now.control["cr3"], now.control["efer"], address)
            if how
            else []
        )

    def linear(self, now, address, count):
        phys = self.physical(now, address)
        return self.memory(phys, count) if phys is not None else b""

    def gdt(self, now):
        base, limit = now.tables["gdt"]
        return descriptors.gdt(self.linear(now, base, min(limit + 1, 0x10000)), now.mode == "long")

    def idt(self, now):
        base, limit = now.tables["idt"]
        return descriptors.idt(self.linear(now, base, min(limit + 1, 4096)), now.ia32e)

    def was_written(self, phys, count=1):
        """Whether anybody put something there: the guest, the firmware for it, or the BIOS before."""
        if phys < 0x600 or BOOT_FIRST <= phys < BOOT_END or phys >= 0x9F000 and phys < 0x100000:
            return True
        return self.path.written(phys, phys + count)

    @functools.cached_property
    def displaced(self):
        return self.where.displaced(self.path)

    # -- what it said -------------------------------------------------------------------------

    @property
    def said_it(self):
        """Whether what it should say was said; None when nobody told."""
        return None if self.expect is None else self.expect in self.run.output


def disassembled(places, bits):
    """{place: text}: one run of the disassembler for all, each in a slot of its own."""
    found = {}
    slot = 32
    blob = b"".join(place.code.ljust(slot, b"\x90") for place in places)
    rows = {address: text for address, _, text in source.disassemble(blob, 0, bits)}
    for at, place in enumerate(places):
        text = rows.get(at * slot)
        if text is None or any(word in text for word in ("0x",)) and is_relative(place.code):
            one = source.disassemble(place.code, place.address, bits)
            text = one[0][2] if one else "?"
        found[place] = text
    return found


def is_relative(code):
    """Whether the text of an instruction depends on its address: short and near jumps and calls."""
    rest = opcodes.opcode(code)
    return (
        0x70 <= rest[0] <= 0x7F
        or 0xE0 <= rest[0] <= 0xE3
        or rest[0] in (0xE8, 0xE9, 0xEB)
        or rest[0] == 0x0F
        and len(rest) > 1
        and 0x80 <= rest[1] <= 0x8F
    )
