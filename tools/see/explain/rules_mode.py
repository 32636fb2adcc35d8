# SPDX-License-Identifier: MIT
"""Rules about the way to protected mode: the GDT, the far jump, the segments, code of other bits."""
import re

from see import descriptors, source
from see.explain import opcodes
from see.explain.finding import CERTAIN, LATENT, LIKELY, Finding, rule

GP, NP, SS, TS = 13, 11, 12, 10
ENTRY = 8
# A null descriptor and a present code or data segment from 0: how nearly every first GDT begins.
TABLE = re.compile(rb"\0{8}(?=[\x00-\xff]{2}\0\0\0[\x90-\x9f][\x00-\xff]\0)")
SEARCHED = 0x100000
REAL_LIMIT = 0xFFFF
FAR_JUMP, FAR_RETURN = 0xEA, 0xCB


def selector_fault(e):
    """(fault, selector) of the first fault that names an entry of the GDT, or (None, 0)."""
    fault = e.first_fault
    if fault and fault.vector in (GP, NP, SS, TS) and fault.error & 6 == 0:
        return fault, fault.error & 0xFFF8
    return None, 0


def entry_text(entry, selector):
    return f"GDT entry {selector >> 3} (selector {selector:02X}h), {entry.raw:016X}h: {entry.text}"


def entry_at(e, now, selector):
    """The descriptor of a selector, whether or not the table reaches so far."""
    raw = e.linear(now, now.tables["gdt"][0] + (selector & 0xFFF8), ENTRY)
    return descriptors.descriptor(selector >> 3, int.from_bytes(raw, "little"))


def loads(e, word):
    return e.ran(re.compile(rf"^(?:o\d+ )?{word}\b"))


@rule("gdt-pointer-wrong")
def gdt_pointer_wrong(e):
    fault, selector = selector_fault(e)
    if fault is None or fault.state.ia32e:
        return None
    base, limit = fault.state.tables["gdt"]
    here = e.linear(fault.state, base, ENTRY * 2)
    if TABLE.match(here) or plausible(here[:8]):
        return None
    really = [
        match.start()
        for match in TABLE.finditer(e.run.ram, 0x500, SEARCHED)
        if e.was_written(match.start())
    ]
    if not really:
        return None
    lgdt = loads(e, "lgdt")
    at = lgdt[-1][0].address if lgdt else fault.pc
    off = really[0] - base
    hint = (
        " They are 7C00h apart: the pointer holds an offset in the sector, not an address."
        if off == 0x7C00
        else ""
    )
    return Finding(
        CERTAIN + 2,
        (
            f"GDTR points to {base:X}h (limit {limit:X}h), where there is no GDT; the table lies at"
            f" {really[0]:X}h.{hint} So selector {selector:02X}h found {here[:8].hex(' ')} for a"
            " descriptor."
        ),
        (
            "The pointer that LGDT reads is `dw gdt_end - gdt - 1` and `dd` the table's linear address:"
            " its label with `org 0x7C00`, or segment * 16 + label."
        ),
        at,
        f"GDTR = {base:X}h, limit {limit:X}h; the GDT is at {really[0]:X}h",
    )


def plausible(raw):
    """Whether 8 bytes are a present code or data segment that begins at 0."""
    entry = descriptors.descriptor(0, int.from_bytes(raw.ljust(8, b"\0"), "little"))
    return entry.present and not entry.system and entry.base == 0


@rule("gdt-limit-short")
def gdt_limit_short(e):
    fault, selector = selector_fault(e)
    if fault is None or not selector:
        return None
    base, limit = fault.state.tables["gdt"]
    entry = entry_at(e, fault.state, selector)
    if (
        selector + ENTRY - 1 <= limit
        or not entry.present
        or not plausible(entry.raw.to_bytes(8, "little"))
        and not entry.system
    ):
        return None
    lgdt = loads(e, "lgdt")
    return Finding(
        CERTAIN + 1,
        (
            f"Selector {selector:02X}h names entry {selector >> 3} of the GDT, whose last byte is"
            f" {selector + 7:X}h from its start, but GDTR's limit is {limit:X}h: the entry lies behind"
            " the end."
        ),
        (
            "The limit is the table's size in bytes less 1: `dw gdt_end - gdt - 1`, with `gdt_end`"
            " behind the last entry."
        ),
        lgdt[-1][0].address if lgdt else fault.pc,
        f"GDTR limit {limit:X}h; {entry_text(entry, selector)}",
    )


@rule("gdt-no-null")
def gdt_no_null(e):
    fault, selector = selector_fault(e)
    if fault is None or fault.state.ia32e:
        return None
    first = entry_at(e, fault.state, 0)
    if not plausible(first.raw.to_bytes(8, "little")):
        return None
    there = entry_at(e, fault.state, selector)
    lgdt = loads(e, "lgdt")
    return Finding(
        CERTAIN + 1,
        (
            f'The GDT does not begin with a null descriptor: its entry 0 is already "{first.text}". The'
            " CPU never uses entry 0, so every selector means the entry after the one that was meant:"
            f' {selector:02X}h is "{there.text}".'
        ),
        "Put `dq 0` in front of the first descriptor.",
        lgdt[-1][0].address if lgdt else fault.pc,
        entry_text(first, 0),
    )


@rule("gdt-code-not-executable")
def gdt_code_not_executable(e):
    fault, selector = selector_fault(e)
    if fault is None or not selector or not is_far(e.text_at(fault)):
        return None
    entry = entry_at(e, fault.state, selector)
    if (
        entry.kind != "data"
        or selector + 7 > fault.state.tables["gdt"][1]
        or plausible(e.linear(fault.state, fault.state.tables["gdt"][0], 8))
    ):
        return None
    return Finding(
        CERTAIN,
        (
            f"The far jump at {e.where(fault.pc)} loads CS with selector {selector:02X}h, and that entry"
            " of the GDT is a data segment: bit 3 of its type is 0, so it cannot be executed."
        ),
        "The access byte of a code segment is 9Ah (present, code, readable); 92h is data.",
        fault.pc,
        entry_text(entry, selector),
    )


@rule("gdt-entry-not-present")
def gdt_entry_not_present(e):
    fault, selector = selector_fault(e)
    if fault is None or not selector or fault.vector not in (NP, SS, GP):
        return None
    entry = entry_at(e, fault.state, selector)
    if (
        entry.present
        or entry.kind == "null"
        or selector + 7 > fault.state.tables["gdt"][1]
        or not plausible((entry.raw | 1 << 47).to_bytes(8, "little"))
    ):
        return None
    return Finding(
        CERTAIN,
        f"{e.where(fault.pc)} loads selector {selector:02X}h, whose descriptor is marked not present.",
        "Set bit 7 of the access byte: 9Ah for code, 92h for data.",
        fault.pc,
        entry_text(entry, selector),
    )


def is_far(text):
    return bool(re.search(r"^jmp .*0x\w+:0x|^jmp .*far|^retf|^call .*:0x|^iret", text))


def enabling(e, mask, register="cr0"):
    """(step, place, before, after) of the first MOV to a control register that sets a bit."""
    for place, _ in e.ran(re.compile(rf"^mov {register},|^lmsw")):
        for step, before, after in e.moments(place):
            if (
                after
                and not before.control[register] & mask
                and (after.control[register] & mask or before.registers.get("ax", 0) & mask)
            ):
                return step, place, before, after
    return None


def assembled_for_other_bits(e, place):
    """The bits for which the code that ran from a place on makes sense, when it is not how it ran."""
    now = e.state_after(place.first_step - 1) or e.state_before(place.first_step)
    return better_bits(e.linear(now, place.address, 48), place.address, now.bits)


TYPICAL = re.compile(
    r"^(?:mov (?:[defgs]s),[er]?[a-d]x|mov [er]?[a-d]x,0x(?:8|10|18|20|28|30)|"
    r"mov [er]sp,0x\w+|xor ([er]?\w+),\1|rep (?:movs|stos)[bwdq]|mov r\w\w,r\w\w|"
    r"mov r\w\w,(?:qword )?0x\w+|jmp r\w\w|sub r\w\w,r\w\w|call (?:dword |qword )?0x\w+|cli|cld|hlt|"
    r"mov cr\d,[er]\w+|mov [er]\w+,cr\d|mov e[a-ds][xpi],0x\w+|push [er]\w+|"
    r"mov [er]?\w+,\[rel .*|jmp short 0x\w+)$"
)
ODD = re.compile(
    r"^(?:add \[|db |arpl|bound|into|aa[ams]|da[as]|les|lds|in |out |outs|ins|j\w+ (?!short)|"
    r"add byte \[|adc|sbb|dec |inc e|salc|a\d+ |o\d+ |fs |gs |xlat|enter|loop)"
)


def sense(code, address, bits):
    """How much some code looks like what people write, per instruction."""
    rows = source.disassemble(code, address, bits)[:10]
    score = 0
    for _, raw, text in rows:
        score += 2 if TYPICAL.match(text) else -2 if ODD.match(text) else 0
        score -= raw == b"\0\0"
    return score / max(len(rows), 1)


def better_bits(code, address, bits):
    """Bits in which some code reads clearly better than in `bits`, or None."""
    if not code:
        return None
    own = sense(code, address, bits)
    best = max(
        (other for other in (16, 32, 64) if other != bits), key=lambda other: sense(code, address, other)
    )
    return best if sense(code, address, best) > own + 0.35 else None


def bits_by_source(e, place):
    """What the listing says of an executed place: False when it did not begin or end where it does."""
    return e.where.agrees(place.address, len(place.code))


def misread(e, first_step, until=None):
    """The first place from a step on that the listing shows to be read in the wrong bits, or None."""
    for place in e.places:
        if (
            place.first_step >= first_step
            and (until is None or place.first_step < until)
            and bits_by_source(e, place) is False
        ):
            return place
    return None


def went_wrong(e):
    return (
        e.triple
        or e.blank_code is not None
        or bool(e.real_faults)
        or e.said_it is False
        or bool(e.own_faults)
        or e.ended not in ("halted", "halts")
    )


@rule("no-far-jump")
def no_far_jump(e):
    """PE was set, and CS kept what it had in real mode, while 32-bit code ran in it."""
    found = enabling(e, 1)
    if not found or not went_wrong(e):
        return None
    step, place, before, _ = found
    cs = before.segments["cs"].selector
    wrong, at = None, step + 1
    while at <= min(e.last_step, step + 60):
        there = e.path.at(at)
        if there is None or is_far(e.text(there)) or loads_cs(there):
            break
        if bits_by_source(e, there) is False or (
            e.where.agrees(there.address, len(there.code)) is None
            and assembled_for_other_bits(e, there) == 32
        ):
            wrong = there
            break
        at += 1
    if wrong is None:
        return None
    return Finding(
        CERTAIN - 2,
        (
            f"{e.where(place.address)} set CR0.PE, and no far jump followed: CS still held {cs:04X}h of"
            f" real mode and its 16-bit size. So the 32-bit code at {e.where(wrong.address)} was read as"
            f" 16-bit code, there as `{e.text(wrong)}`."
        ),
        (
            "Right after `mov cr0, eax` jump far: `jmp CODE_SELECTOR:label`, and put `bits 32` in front"
            " of the label. Only a far jump (or far return) loads CS."
        ),
        place.address,
        f"CS = {cs:04X}h, 16-bit, not an entry of the GDT",
    )


def loads_cs(place):
    rest = opcodes.opcode(place.code)
    return rest[0] in (FAR_JUMP, FAR_RETURN, 0xCA, 0xCF, 0x9A)


@rule("wrong-bits")
def wrong_bits(e):
    """A far jump was made, and the code behind it was assembled for another size."""
    if not went_wrong(e):
        return None
    for place, text in e.code:
        if not loads_cs(place) or place.last_step + 1 > e.last_step:
            continue
        after = e.path.at(place.first_step + 1)
        now = e.states.get(place.first_step + 1)
        if after is None or now is None or now.mode == "real":
            continue
        wrong = misread(e, place.first_step + 1, place.first_step + 12)
        other = better_bits(e.linear(now, after.address, 48), after.address, now.bits)
        if not wrong and (other is None or e.where.line(after.address)):
            continue
        if now.mode == "compatibility" and (other == 64 or other is None):
            return None
        entry = entry_at(e, now, now["cs"])
        meant = other or (16 if now.bits != 16 else 32)
        return Finding(
            LIKELY + 15 if wrong else LIKELY + 14,
            f"After the far jump at {e.where(place.address)} the CPU runs {now.bits}-bit code, "
            f"as its descriptor says, but what lies at {e.where(after.address)} was assembled as "
            f"{meant}-bit code: it was read as `{e.text(after)}`"
            + (
                f" and, at {wrong.address:X}h, as `{e.text(wrong)}`, in the middle of another"
                " instruction"
                if wrong
                else ""
            )
            + ".",
            f"Put `bits {now.bits}` in front of the label that the jump goes to.",
            after.address,
            entry_text(entry, now["cs"]),
        )
    return None


@rule("segment-limit")
def segment_limit(e):
    """In protected mode, an access behind a segment's limit. QEMU lets it pass; a CPU does not."""
    for place, text in e.code:
        now = e.state_before(place.first_step)
        if now is None or not now.mode.startswith("protected"):
            continue
        for name, address in accesses(place, text):
            segment = now.segments[name]
            if address > segment.base + segment.limit:
                return limit_finding(e, place, text, now, name, address)
    return None


def accesses(place, text):
    """[(segment, furthest address)] of what an instruction touched."""
    found = []
    if re.search(r"\b(movs|stos|scas|ins)[bwd]", text) and place.writes:
        found.append(("es", max(place.first_write, place.last_write)))
    explicit = re.search(r"\[([cdefgs]s):", text)
    name = explicit.group(1) if explicit else "ss" if re.search(r"\[e?[bs]p\b", text) else "ds"
    if re.search(r"\b(movs|lods|outs)[bwd]", text) and place.reads:
        found.append((name, max(place.first_read, place.last_read)))
    elif "[" in text and not text.startswith("lea"):
        touched = [
            at
            for count, ends in (
                (place.reads, (place.first_read, place.last_read)),
                (place.writes, (place.first_write, place.last_write)),
            )
            if count
            for at in ends
        ]
        found += [(name, max(touched))] if touched else []
    return found


def limit_finding(e, place, text, now, name, address):
    segment = now.segments[name]
    entry = entry_at(e, now, segment.selector)
    stale = segment.limit == REAL_LIMIT and (not segment.selector >> 3 or entry.limit != REAL_LIMIT)
    head = (
        f"`{text}` at {e.where(place.address)} reaches {address:X}h through {name.upper()}, whose limit"
        f" is {segment.limit:X}h. QEMU does not check limits; a real CPU (and Bochs) raises #GP there."
    )
    return Finding(
        LIKELY + 13,
        head
        + (
            f" {name.upper()} was never loaded in protected mode and still has the 64 KiB of real mode."
            if stale
            else (
                " The descriptor's limit counts bytes, because its granularity bit is 0."
                if not entry.pages
                else ""
            )
        ),
        (
            "Load DS, ES and SS with the data selector right after the far jump."
            if stale
            else "Set the G bit (byte 6 = CFh for a 4 GiB segment), so that the limit counts pages."
        ),
        place.address,
        f"{name.upper()} = {segment.selector:04X}h, base {segment.base:X}h, limit {segment.limit:X}h"
        + ("" if stale else f"; {entry_text(entry, segment.selector)}"),
        id="data-segment-not-loaded" if stale else "gdt-granularity-missing",
    )


@rule("bios-call-in-protected-mode")
def bios_call_in_protected_mode(e):
    for step, fault in e.faults:
        code = e.linear(fault.state, fault.pc, 2)
        if code[:1] != b"\xcd" or code[1] not in (0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x1A):
            continue
        if fault.vector == GP and fault.error & 2 and code[1] in (fault.error >> 3, fault.error >> 4):
            return Finding(
                CERTAIN,
                (
                    f"`int {code[1]:02X}h` at {e.where(fault.pc)} is a BIOS call, and the CPU is no"
                    " longer in real mode. The BIOS's handlers are reached through the real-mode vector"
                    f" table and are 16-bit code; here the CPU looks for gate {code[1]:02X}h of an IDT"
                    " that does not have it."
                ),
                (
                    "Do all BIOS calls before setting CR0.PE. Afterwards write to B8000h or to the"
                    " serial port."
                ),
                fault.pc,
                f"IDT gate {code[1]:02X}h: none (IDTR limit {fault.state.tables['idt'][1]:X}h)",
            )
    return None


@rule("interrupts-left-on")
def interrupts_left_on(e):
    """Protected mode was entered with IF set and the BIOS's vector table in IDTR."""
    found = enabling(e, 1)
    if not found:
        return None
    step, place, before, after = found
    if (
        not before.interrupts
        or before.tables["idt"][0]
        or any(one.first_step < step for one, _ in loads(e, "lidt"))
    ):
        return None
    fell = bool(e.chain) and e.chain[0].hardware and e.chain[0].state.tables["idt"][0] == 0
    hit = fell or bool(e.hostile) and "clock" in e.hostile
    return Finding(
        CERTAIN - 2 if hit else LATENT + 15,
        f"{e.where(place.address)} set CR0.PE while interrupts were on (IF = 1). "
        "IDTR still points to the BIOS's real-mode table, which is no IDT: the first timer tick in "
        "protected mode is a triple fault"
        + (
            ", and that was seen to happen."
            if hit
            else ". It did not come in this run; it will in some."
        ),
        "Write `cli` before `lgdt`, and `sti` only when an IDT is loaded and the PIC remapped.",
        place.address,
        f"RFLAGS.IF = 1, IDTR = {before.tables['idt'][0]:X}h, limit {before.tables['idt'][1]:X}h",
        latent=not fell,
    )
