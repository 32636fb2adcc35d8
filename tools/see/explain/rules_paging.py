# SPDX-License-Identifier: MIT
"""Rules about page tables and the way to long mode."""
import re

from see import paging, state
from see.explain.finding import CERTAIN, LATENT, LIKELY, POSSIBLE, Finding, rule
from see.explain.rules_mode import better_bits, enabling, entry_at, entry_text, is_far, went_wrong

PG, PAE, LME = 1 << 31, 1 << 5, 1 << 8
GP, PF = 13, 14
EFER_MSR = 0xC0000080
CR3_FLAGS = 0x18  # PWT and PCD
ENTRY_FLAGS = 0xFFF
FETCH = 0x10
LARGE_2M = 1 << 21


def paging_on(e):
    return enabling(e, PG)


@rule("pae-off")
def pae_off(e):
    found = paging_on(e)
    if not found:
        return None
    step, place, before, _ = found
    if (
        before.control["efer"] & LME
        and not before.control["cr4"] & PAE
        and not before.control["cr0"] & PG
    ):
        return Finding(
            CERTAIN + 3,
            (
                f"{e.where(place.address)} turns paging on with EFER.LME = 1 and CR4.PAE = 0. Long mode"
                " has page tables with 8-byte entries only, so the CPU refuses with #GP(0)."
            ),
            "Set bit 5 of CR4 (`or eax, 1 << 5`) before CR0.PG.",
            place.address,
            (
                f"CR4 = {before.control['cr4']:X}h ({state.bits_text('cr4', before.control['cr4'])}):"
                " PAE is 0"
            ),
        )
    return None


@rule("cr3-not-loaded")
def cr3_not_loaded(e):
    found = paging_on(e)
    if not found or e.ran(re.compile(r"^mov cr3,")) and found[2].control["cr3"]:
        return None
    step, place, before, _ = found
    if before.control["cr3"] != 0:
        return None
    return Finding(
        CERTAIN + 2,
        f"{e.where(place.address)} turns paging on, and CR3 is 0: "
        + (
            "nothing had been written to it."
            if not e.ran(re.compile(r"^mov cr3,"))
            else "0 was written to it."
        )
        + " The CPU takes the BIOS's interrupt vectors at 0 for page tables.",
        (
            "Load CR3 with the address of the topmost table (`mov eax, pml4`, `mov cr3, eax`) before"
            " CR0.PG."
        ),
        place.address,
        "CR3 = 0",
    )


@rule("lme-off")
def lme_off(e):
    """Paging came on without long mode, and then 64-bit things were tried."""
    found = paging_on(e)
    if not found:
        return None
    step, place, before, after = found
    if before.control["efer"] & LME or not before.control["cr4"] & PAE or not went_wrong(e):
        return None
    writes = e.ran(re.compile(r"^wrmsr"))
    wants_long = bool(writes) or has_long_code(e, before)
    if not wants_long:
        return None
    if writes:
        _, at_write, _ = (e.moments(writes[-1][0]) or [(0, before, before)])[-1]
        why = (
            f"WRMSR at {e.where(writes[-1][0].address)} wrote {at_write['eax']:X}h to MSR"
            f" {at_write['ecx']:X}h, and bit 8 was not among it"
            if at_write["ecx"] == EFER_MSR
            else (
                f"WRMSR at {e.where(writes[-1][0].address)} wrote to MSR {at_write['ecx']:X}h, which is"
                " not EFER (C0000080h)"
            )
        )
    else:
        why = "no WRMSR was ever executed"
    return Finding(
        CERTAIN + 1,
        (
            f"{e.where(place.address)} turns paging on with EFER.LME = 0: {why}. So this is 32-bit PAE "
            "paging, not long mode: the CPU reads the four-level tables as three-level ones."
        ),
        "Read MSR C0000080h, set bit 8 (`or eax, 1 << 8`, `or ah, 1`), write it back, before CR0.PG.",
        writes[-1][0].address if writes else place.address,
        (
            f"EFER = {before.control['efer']:X}h ({state.bits_text('efer', before.control['efer'])}):"
            " LME is 0"
        ),
    )


def has_long_code(e, now):
    return any(entry.long for entry in e.gdt(now))


def first_paging_fault(e):
    """The fault that paging made: the first of the chain, when it is a #PF."""
    fault = e.first_fault
    return fault if fault and fault.vector == PF and e.paging(fault.state) else None


@rule("page-tables-misaligned")
def page_tables_misaligned(e):
    found = paging_on(e)
    if not found or not went_wrong(e):
        return None
    for place, _ in e.ran(re.compile(r"^mov cr3,(\w+)")):
        for step, before, after in e.moments(place):
            value = before[e.text(place).split(",")[1]]
            if value & ENTRY_FLAGS & ~CR3_FLAGS and not before.control["cr4"] & 1 << 17:
                return Finding(
                    CERTAIN,
                    (
                        f"{e.where(place.address)} loads CR3 with {value:X}h, which is no multiple of"
                        " 4096. The CPU drops the low 12 bits and reads the table at"
                        f" {value & ~0xFFF:X}h."
                    ),
                    "Align each table: `align 4096`, or a multiple of 1000h.",
                    place.address,
                    f"CR3 = {value:X}h",
                )
    return misaligned_entry(e, found)


def misaligned_entry(e, found):
    """An entry of the walk whose low bits are part of an address: its table was filled elsewhere."""
    fault = e.first_fault
    now = fault.state if fault else found[3]
    how = e.paging(now)
    if how is None:
        return None
    for level in e.walk(now, fault.cr2 if fault and fault.vector == PF else now.pc):
        odd = level.entry & 0xF00 & ~0x100 if level.page_bytes == 0 else 0
        wanted = level.entry & ~0xFF & ~(1 << 63)
        if level.entry & 1 and odd and wanted != level.next and e.path.written(wanted, wanted + 8):
            return Finding(
                CERTAIN,
                (
                    f"The {level.name} entry {level.index} is {level.entry:X}h: the table it means lies"
                    f" at {wanted:X}h, which is no multiple of 4096. The CPU drops the low 12 bits and"
                    f" reads a table at {level.next:X}h."
                ),
                "Put each table at a multiple of 1000h: `align 4096`, tables 4096 bytes apart.",
                writer_at(e, level, found[1].address),
                level_text(level),
            )
    return None


def writer_at(e, level, otherwise):
    """The address of the instruction that wrote an entry."""
    place, _ = e.path.writer(level.table + level.index * 8)
    return place.address if place not in (None, "firmware") else otherwise


def level_text(level):
    return (
        f"{level.name} at {level.table:X}h, entry {level.index} = {level.entry:X}h (flags {level.flags})"
        + (f": {level.why}" if level.why else "")
    )


def walk_text(levels):
    return " -> ".join(level_text(level) for level in levels)


@rule("huge-page-bit-missing")
def huge_page_bit_missing(e):
    fault = first_paging_fault(e)
    if not fault:
        return None
    levels = e.walk(fault.state, fault.cr2)
    for above, level in zip(levels, levels[1:]):
        size = {"PT": LARGE_2M, "PD": 1 << 30}.get(level.name)
        if (
            not size
            or above.entry & paging.LARGE
            or above.entry & ~0xFFF & ~(1 << 63) != above.index * size
        ):
            continue
        if above.next and e.path.written(above.next, above.next + 8) and not levels[-1].why:
            continue
        return Finding(
            CERTAIN,
            (
                f"The {above.name} entry {above.index} is {above.entry:X}h: the address of a page of"
                f" {size >> 20} MiB, but without the PS bit (bit 7). So the CPU takes {above.next:X}h"
                f" for a {level.name} and finds no entry there for {fault.cr2:X}h."
            ),
            "Add the PS bit: flags 83h instead of 03h.",
            writer_at(e, above, fault.pc),
            level_text(above),
        )
    return None


@rule("code-not-mapped")
def code_not_mapped(e):
    """The page fault is the next instruction's: what runs is not mapped."""
    fault = first_paging_fault(e)
    if not fault:
        return None
    # An emulator may have the instruction already, and stumble over the next thing that it needs.
    wanted = fault.cr2 if fault.error & FETCH else fault.pc
    levels = e.walk(fault.state, wanted)
    bad = levels[-1]
    if not bad.why:
        return None
    found = paging_on(e)
    at = found[1].address if found else fault.pc
    fresh = found and fault.pc - found[1].end < 16
    return Finding(
        LIKELY + 14 if fresh else LIKELY - 5,
        (
            "As soon as paging was on, the CPU could not read the next instruction"
            if fresh
            else "The CPU was sent to code that is not mapped"
        )
        + f": {wanted:X}h is not mapped. The walk ends at {level_text(bad)}."
        + (
            " It has an address, and its present bit (bit 0) is 0."
            if bad.entry > ENTRY_FLAGS and not bad.entry & 1
            else ""
        ),
        (
            "Map the code that turns paging on to its own address (identity), through entry "
            f"{bad.index} of the {bad.name}."
            if fresh
            else "Map that address, or look where it comes from."
        ),
        writer_of_table(e, bad, at),
        walk_text(levels),
    )


def writer_of_table(e, level, otherwise):
    """Who wrote to that table at all, when nobody wrote the entry."""
    writers = (
        [e.path.writer(at)[0] for at in range(level.table, level.table + 4096, 8)] if level.table else []
    )
    plain = [place for place in writers if place not in (None, "firmware") and not place.repeats]
    return plain[0].address if plain else otherwise


@rule("data-not-mapped")
def data_not_mapped(e):
    """Any other page fault that ended it: only what the walk shows."""
    fault = first_paging_fault(e)
    if not fault or not e.chain or fault.error & FETCH or fault.cr2 == fault.pc:
        return None
    levels = e.walk(fault.state, fault.cr2)
    return Finding(
        POSSIBLE - 12,
        (
            f"{e.where(fault.pc)} touches {fault.cr2:X}h, which is not mapped, and there was no handler "
            f"that could deal with it. The walk ends at {level_text(levels[-1])}."
        ),
        "Map the address, or look why the program uses it.",
        fault.pc,
        walk_text(levels),
    )


@rule("pml4-not-zeroed")
def pml4_not_zeroed(e):
    """Tables were used with entries that nobody had written: they are what RAM happened to hold."""
    found = paging_on(e)
    if not found:
        return None
    step, place, before, after = found
    after = after if e.paging(after) else None
    if after is None:
        return None
    blank = blank_tables(e, after)
    if not blank:
        return None
    name, table, count, total = blank[0]
    bad = went_wrong(e) and first_paging_fault(e) is not None
    return Finding(
        LIKELY + 8 if e.hostile and "memory" in e.hostile else LATENT + 5,
        (
            f"Paging is turned on at {e.where(place.address)}, and {count} of the {total} entries of the"
            f" {name} at {table:X}h were never written: they hold whatever was in memory. In an emulator"
            " that is often zero; on a PC it is not, and then addresses are mapped that should not be."
        ),
        "Fill all tables with zeros first (`xor eax, eax`, `rep stosd`).",
        first_writer(e, table, place).address,
        f"{name} at {table:X}h: {count} of {total} entries never written",
        latent=not bad,
    )


def first_writer(e, table, otherwise):
    writers = [e.path.writer(at)[0] for at in range(table, table + 4096, 8)]
    plain = [place for place in writers if place not in (None, "firmware")]
    return plain[0] if plain else otherwise


def blank_tables(e, now):
    """[(name, table, unwritten entries, entries)] of the tables that map the code that runs."""
    found = []
    for level in e.walk(now, now.pc):
        if not level.table or level.table < 0x500:
            continue
        how = e.paging(now)
        count = 1 << next(bits for name, _, bits, _ in how.levels if name == level.name)
        blank = sum(
            not e.path.written(
                level.table + at * how.entry_bytes, level.table + (at + 1) * how.entry_bytes
            )
            for at in range(count)
        )
        if blank:
            found.append((level.name, level.table, blank, count))
    return found


@rule("code64-l-bit")
def code64_l_bit(e):
    """A far jump in long mode went to a segment that is not 64-bit."""
    if not went_wrong(e):
        return None
    for place, text in e.code:
        now = e.state_before(place.first_step)
        if not is_far(text) or not now.ia32e:
            continue
        after = e.states.get(place.first_step + 1)
        selector = far_selector(e, text, after)
        entry = entry_at(e, now, selector)
        if entry.kind != "code" or entry.long and not entry.big:
            continue
        if after is not None and now.mode == "long":
            continue  # a way back to 16 or 32 bits, on purpose
        if after is not None and entry.big is False:
            continue
        return Finding(
            CERTAIN - 1,
            f"The far jump at {e.where(place.address)} goes to selector {selector:02X}h, whose"
            " descriptor has "
            + (
                "L and D both set, which is reserved"
                if entry.long
                else (
                    f"L = 0: that is a {32 if entry.big else 16}-bit segment, so the CPU stays in"
                    f" compatibility mode and reads the 64-bit code as {32 if entry.big else 16}-bit"
                    " code"
                )
            )
            + ".",
            (
                "Give 64-bit code a descriptor of its own, with L = 1 and D = 0: byte 6 = AFh (or 20h),"
                " access 9Ah."
            ),
            place.address,
            entry_text(entry, selector),
        )
    return None


def far_selector(e, text, after):
    match = re.search(r"0x(\w+):", text)
    return int(match.group(1), 16) if match else after["cs"] if after else 0


@rule("no-far-jump-64")
def no_far_jump_64(e):
    """Long mode is active, no far jump came after it, and 64-bit code ran as 32-bit code."""
    found = paging_on(e)
    if not found or not went_wrong(e):
        return None
    step, place, before, after = found
    if not after.ia32e or after.mode != "compatibility":
        return None
    for at in range(step + 1, min(e.last_step, step + 200) + 1):
        there = e.path.at(at)
        if there is None or is_far(e.text(there)):
            return None
        now = e.states.get(at)
        if now is None or now.mode != "compatibility":
            continue
        agrees = e.where.agrees(there.address, len(there.code))
        if (
            agrees is False
            or agrees is None
            and better_bits(e.linear(now, there.address, 48), there.address, 32) == 64
        ):
            cs = after["cs"]
            return Finding(
                CERTAIN - 3,
                (
                    f"{e.where(place.address)} turned paging and with it long mode on, but no far jump"
                    f" to a 64-bit segment followed: CS is still {cs:02X}h, so the CPU is in"
                    f" compatibility mode. The 64-bit code at {e.where(there.address)} was read as"
                    f" 32-bit code, there as `{e.text(there)}`."
                ),
                (
                    "Jump far to a code segment with L = 1 right behind `mov cr0, eax`, to a label under"
                    " `bits 64`."
                ),
                place.address,
                entry_text(entry_at(e, after, cs), cs),
            )
    return None
