# SPDX-License-Identifier: MIT
"""Rules about the IDT and the PIC: how an interrupt finds its handler."""
import re

from see import descriptors
from see.explain.finding import CERTAIN, POSSIBLE, Finding, rule
from see.explain.rules_mode import GP, NP, SS, TS, entry_at, entry_text, loads

NAMES = {
    0: "#DE",
    1: "#DB",
    2: "NMI",
    3: "#BP",
    4: "#OF",
    5: "#BR",
    6: "#UD",
    7: "#NM",
    8: "#DF",
    10: "#TS",
    11: "#NP",
    12: "#SS",
    13: "#GP",
    14: "#PF",
    16: "#MF",
    17: "#AC",
    18: "#MC",
    19: "#XM",
    21: "#CP",
}
LOWEST_TABLE = 0x500  # the BIOS's vectors and data lie below
PIC_COMMAND = 0x20


def called(vector):
    return f"{NAMES[vector]} (vector {vector})" if vector in NAMES else f"vector {vector}"


def gate(e, now, vector):
    """(Gate, whether it lies within the limit)."""
    long = now.ia32e
    size = 16 if long else 8
    base, limit = now.tables["idt"]
    raw = e.linear(now, base + vector * size, size)
    return (
        descriptors.gate(vector, int.from_bytes(raw, "little"), long),
        vector * size + size - 1 <= limit,
    )


def gate_text(found):
    return f"IDT gate {found.vector}: {found.text} ({found.raw:X}h)"


def blamed(e):
    """(vector, fault): the event whose delivery failed first, with the state at that moment."""
    return (e.chain[0].vector, e.chain[0]) if e.chain else (None, None)


@rule("sti-without-idt")
def sti_without_idt(e):
    vector, fault = blamed(e)
    if fault is None or loads(e, "lidt") or fault.state.mode == "real":
        return None
    if not (fault.hardware or fault.software) and not fault.state.interrupts:
        return None
    stis = e.ran(re.compile(r"^sti$"))
    late = [place for place, _ in stis if e.state_before(place.first_step).mode != "real"]
    if not late:
        return None
    base, limit = fault.state.tables["idt"]
    what = f"the hardware interrupt of vector {vector}" if fault.hardware else called(vector)
    return Finding(
        CERTAIN,
        (
            f"Interrupts were switched on (`sti` at {e.where(late[-1].address)}), and no LIDT was ever"
            f" executed: IDTR is still the BIOS's, base {base:X}h, limit {limit:X}h. When {what} came,"
            f" at {e.where(fault.pc)}, the CPU found no gate."
        ),
        "Fill an IDT and load it with LIDT before `sti`.",
        late[-1].address,
        f"IDTR = {base:X}h, limit {limit:X}h; {gate_text(gate(e, fault.state, vector)[0])}",
    )


@rule("no-idt")
def no_idt(e):
    """An exception came before there was an IDT: the exception is the news, not the missing table."""
    vector, fault = blamed(e)
    if fault is None or loads(e, "lidt") or fault.state.mode == "real" or fault.hardware:
        return None
    return Finding(
        POSSIBLE - 15,
        (
            f"{called(vector)} came at {e.where(fault.pc)} (`{e.text_at(fault)}`), and no IDT had been"
            " loaded yet, so it ended in a reset. The exception is the mistake; the missing IDT only"
            " hides it."
        ),
        "Look at that instruction and its operands.",
        fault.pc,
        f"error code {fault.error:X}h",
    )


def operand(e, place):
    """The bytes that LGDT or LIDT read."""
    return e.memory(place.first_read, 16) if place.reads else b""


@rule("idt-pointer-not-packed")
def pointer_not_packed(e):
    """The compiler put padding between limit and base."""
    for place, text in loads(e, "l[gi]dt") if e.chain else ():
        raw, moments = operand(e, place), e.moments(place)
        if len(raw) < 16 or not moments or moments[-1][1].mode != "long":
            continue
        now = moments[-1][2]
        what = "IDT" if "lidt" in text.group(0) else "GDT"
        base, shifted = (int.from_bytes(raw[at : at + 8], "little") for at in (2, 8))
        if (
            now.tables[what.lower()][0] == base
            and good_table(e, now, shifted)
            and not good_table(e, now, base)
        ):
            return Finding(
                CERTAIN + 2,
                (
                    f"The pointer that {e.where(place.address)} loads is not packed: the limit is"
                    f" followed by padding, and the address {shifted:X}h of the {what} lies at byte 8"
                    f" instead of byte 2. The CPU took {base:X}h for the base."
                ),
                (
                    "Declare the pointer `__attribute__((packed))`: 2 bytes limit, 8 bytes base, "
                    "nothing between."
                ),
                place.address,
                (
                    f"{what}R = {base:X}h, limit {int.from_bytes(raw[:2], 'little'):X}h; "
                    f"the table is at {shifted:X}h"
                ),
            )
    return None


def good_table(e, now, base):
    phys = e.physical(now, base)
    return phys is not None and base >= LOWEST_TABLE and e.was_written(phys, 64)


def failing_gate(e):
    """(fault, vector) of a delivery that failed at its gate: #GP, #NP, #TS or #SS whose code names one."""
    for fault in e.chain:
        if fault.vector in (GP, NP, TS, SS) and fault.error & 2:
            return fault, interrupted(e, fault)
    for _, fault in reversed(e.own_faults):
        if fault.vector in (GP, NP, TS, SS) and fault.error & 2:
            return fault, interrupted(e, fault)
    # A triple fault names nobody: what was being delivered then is the last of the chain.
    return (e.chain[-1], e.chain[-1].vector) if e.chain else (None, 0)


def weight(e):
    """How much a wrong gate explains: all, unless an exception came first that nobody asked for."""
    first = e.chain[0] if e.chain else e.first_fault
    asked = first.hardware or first.software or not e.chain
    return CERTAIN if asked else POSSIBLE + 5


def interrupted(e, fault):
    """The vector whose delivery failed with this fault: the one before it at the same instruction. (The error
    code says it too, but QEMU shifts it by one bit more in long mode.)"""
    at = next(at for at, (_, one) in enumerate(e.faults) if one is fault)
    before = e.faults[at - 1][1] if at else None
    return before.vector if before and before.pc == fault.pc else fault.error >> 3


def ready(e):
    """(fault, vector, Gate, within the limit) once an IDT was loaded, or None."""
    fault, vector = failing_gate(e)
    if fault is None or not loads(e, "lidt") or fault.state.mode == "real":
        return None
    return fault, vector, *gate(e, fault.state, vector)


@rule("idt-limit-short")
def idt_limit_short(e):
    found = ready(e)
    if not found:
        return None
    fault, vector, there, within = found
    if within or not there.present or not there.selector:
        return None
    base, limit = fault.state.tables["idt"]
    size = 16 if fault.state.ia32e else 8
    lidt = loads(e, "lidt")[-1][0]
    return Finding(
        weight(e),
        (
            f"IDTR's limit is {limit:X}h, which is {(limit + 1) // size} gates of {size} bytes. Vector"
            f" {vector} came, and its gate, at {vector * size:X}h in the table, is there but lies behind"
            " the end."
        ),
        f"The limit is the number of gates times {size}, less 1 (`sizeof idt - 1`).",
        lidt.address,
        f"IDTR = {base:X}h, limit {limit:X}h; {gate_text(there)}",
    )


@rule("idt-gate-32bit")
def idt_gate_32bit(e):
    found = ready(e)
    if not found or not found[0].state.ia32e:
        return None
    fault, vector, there, _ = found
    base, limit = fault.state.tables["idt"]
    raw = e.linear(fault.state, base, 32 * 8)
    short = [
        descriptors.gate(at, int.from_bytes(raw[at * 8 : at * 8 + 8], "little"), False)
        for at in range(32)
    ]
    good = [
        one
        for one in short
        if one.present
        and one.kind in ("interrupt gate", "trap gate")
        and one.selector == short[0].selector
        and one.raw >> 37 & 7 == 0
    ]
    if len(good) < 16 or short[1].raw == 0:
        return None
    lidt = loads(e, "lidt")[-1][0]
    return Finding(
        weight(e) + 1,
        (
            f"The IDT at {base:X}h has gates of 8 bytes, as 32-bit code has them. In long mode a gate"
            f" takes 16: for vector {vector} the CPU read two of them as one, with the offset"
            f" {there.offset:X}h."
        ),
        "Give each gate 16 bytes: offset bits 32 to 63 in bytes 8 to 11, then four bytes of zero.",
        lidt.address,
        gate_text(there),
    )


@rule("idt-selector-wrong")
def idt_selector_wrong(e):
    found = ready(e)
    if not found:
        return None
    fault, vector, there, within = found
    vectors = [(vector, there, within)] + [
        (one.vector, *gate(e, one.state, one.vector)) for one in e.chain
    ]
    for number, there, within in vectors:
        if not within or not there.present:
            continue
        entry = entry_at(e, fault.state, there.selector)
        long = fault.state.ia32e
        wrong = (
            entry.kind != "code"
            or not entry.present
            or long
            and not entry.long
            or there.selector + 7 > fault.state.tables["gdt"][1]
        )
        if wrong and there.kind in ("interrupt gate", "trap gate"):
            lidt = loads(e, "lidt")[-1][0]
            return Finding(
                weight(e),
                (
                    f"The IDT gate of vector {number} names selector {there.selector:02X}h, which is"
                    f" \"{entry.text}\"; a handler needs a {'64-bit ' if long else ''}code segment."
                ),
                (
                    "Put the selector of the running code segment "
                    f"({fault.state['cs']:02X}h here) into the gates."
                ),
                gate_writer(e, fault.state, number, lidt.address),
                f"{gate_text(there)}; {entry_text(entry, there.selector)}",
            )
    return None


def gate_writer(e, now, vector, otherwise):
    phys = e.physical(now, now.tables["idt"][0] + vector * (16 if now.ia32e else 8))
    place, _ = e.path.writer(phys) if phys is not None else (None, 0)
    return place.address if place not in (None, "firmware") else otherwise


@rule("idt-gate-empty")
def idt_gate_empty(e):
    found = ready(e)
    if not found:
        return None
    fault, vector, there, within = found
    if there.present and within:
        return None
    first = e.chain[0] if e.chain else fault
    return Finding(
        POSSIBLE + 5,
        (
            f"{called(first.vector)} came at {e.where(first.pc)}, and the IDT has no gate for vector"
            f" {vector}: {there.text}."
        ),
        "Fill the gates of all exceptions, and of each interrupt that is let through.",
        first.pc,
        gate_text(there),
    )


@rule("pic-not-remapped")
def pic_not_remapped(e):
    hits = [(step, fault) for step, fault in e.faults if fault.hardware and 8 <= fault.vector < 16]
    if not hits or not loads(e, "lidt"):
        return None
    step, fault = hits[0]
    stis = [place for place, _ in e.ran(re.compile(r"^sti$")) if place.first_step <= step]
    return Finding(
        CERTAIN,
        (
            f"The hardware interrupt IRQ {fault.vector - 8} came as vector {fault.vector}, at"
            f" {e.where(fault.pc)}. In protected and long mode that is the exception"
            f" {called(fault.vector)}: the PIC still uses the vectors that the BIOS gave it, 8 to 15."
        ),
        (
            "Move the PIC's interrupts to 32 and up (ICW1 to ICW4 on ports 20h, 21h, A0h, A1h) before"
            " `sti`."
        ),
        stis[-1].address if stis else fault.pc,
        f"IRQ {fault.vector - 8} on {gate_text(gate(e, fault.state, fault.vector)[0])}",
    )


def out_values(e, port):
    """[(step, AL)] of what was written to a port."""
    found = []
    for place, text in e.code:
        if text.startswith("out "):
            for step, before, _ in e.moments(place):
                number = (
                    before["dx"]
                    if text.startswith("out dx")
                    else int(text.split("0x")[1].split(",")[0], 16)
                )
                if number == port:
                    found.append((step, before["al"]))
    return found


@rule("eoi-missing")
def eoi_missing(e):
    """An IRQ came once, the PIC was never told that it is done, and none came any more."""
    hits = [(step, fault) for step, fault in e.faults if fault.hardware and 16 <= fault.vector < 256]
    if not hits or e.chain or e.ended in ("left",):
        return None
    told = [
        step
        for step, value in out_values(e, PIC_COMMAND)
        if value & 0xE0 in (0x20, 0x60) and value & 0x18 == 0
    ]
    vectors = [fault.vector for _, fault in hits]
    silent = [
        (step, fault)
        for step, fault in hits
        if vectors.count(fault.vector) == 1 and not any(at > step for at in told)
    ]
    now = e.run.state
    if not silent or now is None or not now.interrupts:
        return None
    step, fault = silent[0]
    found, _ = gate(e, fault.state, fault.vector)
    handler = e.place_at(found.offset)
    if handler is None or handler.executions > 1:
        return None
    return Finding(
        CERTAIN - 3,
        (
            f"The interrupt of vector {fault.vector} came once, at {e.where(fault.pc)}, and never again,"
            " though interrupts are on. Its handler returned without the end-of-interrupt command, so"
            " the PIC waits for it and holds back this and all lower ones. Now the program waits for"
            f" ever at {e.where(now.pc)}."
        ),
        "End each IRQ's handler with `out 20h, 20h` (and A0h for IRQ 8 to 15).",
        found.offset,
        gate_text(found),
    )
