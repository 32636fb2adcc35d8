# SPDX-License-Identifier: MIT
"""Rules about the TSS, its stacks, and how a handler returns."""
import re

from see import source
from see.explain.finding import CERTAIN, Finding, rule
from see.explain.rules_interrupts import called, gate, gate_text, gate_writer
from see.explain.rules_mode import entry_at, loads

DF = 8
WITH_CODE = (8, 10, 11, 12, 13, 14, 17, 21)  # these push an error code
TSS_LIMIT = 0x67


def unusable_stack(e, now):
    """The walk of the stack's top when it is not mapped, or None."""
    levels = e.walk(now, now["rsp"] - 8)
    return levels if levels and levels[-1].why else None


@rule("ist-missing")
def ist_missing(e):
    for before, fault in zip(e.chain, e.chain[1:]):
        if fault.vector != DF or not e.walk(fault.state, fault.state.pc):
            continue
        levels = unusable_stack(e, fault.state)
        there, within = gate(e, fault.state, DF)
        if levels is None or there.ist or not within or not there.present:
            continue
        name = e.where.name(before.pc)
        return Finding(
            CERTAIN,
            f"The stack ran out: {e.where(before.pc)}"
            + (f", in {name.split('+')[0]}," if name else "")
            + f" pushed below the mapped stack (RSP = {fault.state['rsp']:X}h). The #PF could not push"
            " its frame there, that is a #DF, and the #DF's gate has IST 0: it uses the same stack."
            " The third fault resets the machine.",
            "Give vector 8 a stack of its own: an IST entry in the TSS, and its number in the gate.",
            gate_writer(e, fault.state, DF, before.pc),
            (
                f"{gate_text(there)}, IST 0; stack: {levels[-1].name} entry {levels[-1].index}:"
                f" {levels[-1].why}"
            ),
        )
    return None


def uses_ist(e):
    """(fault, Gate) of a delivery in the chain whose gate wants a stack of the TSS, or None."""
    for fault in e.chain if loads(e, "lidt") else ():
        there, within = gate(e, fault.state, fault.vector)
        if within and there.present and there.ist and fault.state.ia32e:
            return fault, there
    return None


@rule("tss-not-loaded")
def tss_not_loaded(e):
    found = uses_ist(e)
    if not found or found[0].state.segments["tr"].selector >> 3:
        return None
    fault, there = found
    lidt = loads(e, "lidt")
    return Finding(
        CERTAIN + 1,
        f"{called(fault.vector)} has a gate with IST {there.ist}, so its stack comes from the TSS, but"
        " no TSS is loaded: TR is 0 (LTR was "
        + ("never executed" if not loads(e, "ltr") else "executed with 0")
        + "). The CPU took the stack's address from "
        f"wherever TR's leftover base, {fault.state.segments['tr'].base:X}h, points.",
        "Load the TSS's selector with LTR before an interrupt can use an IST.",
        lgdt_or(e, lidt[-1][0].address if lidt else fault.pc),
        f"TR = 0; {gate_text(there)}",
    )


def lgdt_or(e, otherwise):
    found = [place for place, _ in loads(e, "lgdt") if e.state_before(place.first_step).mode == "long"]
    return found[-1].address if found else otherwise


@rule("tss-limit")
def tss_limit(e):
    found = uses_ist(e)
    if not found or not found[0].state.segments["tr"].selector >> 3:
        return None
    fault, there = found
    tr = fault.state.segments["tr"]
    if tr.limit >= 0x23 + 8 * there.ist + 7:
        return None
    ltr = loads(e, "ltr")
    entry = entry_at(e, fault.state, tr.selector)
    return Finding(
        CERTAIN,
        (
            f"The TSS's descriptor has the limit {tr.limit:X}h, and IST {there.ist}, which"
            f" {called(fault.vector)} uses, lies at {0x24 + 8 * (there.ist - 1):X}h in the TSS: behind"
            " its end. That is a #TS, and no stack to report it on."
        ),
        f"The limit is `sizeof tss - 1`, {TSS_LIMIT:X}h or more.",
        ltr[-1][0].address if ltr else fault.pc,
        f"GDT entry {tr.selector >> 3} (selector {tr.selector:02X}h): {entry.text}; {gate_text(there)}",
    )


IRET = re.compile(r"^iret")


def stack_words(e, now, count, size=8):
    raw = e.linear(now, now["rsp"] if size == 8 else now["esp"], count * size)
    return [int.from_bytes(raw[at : at + size], "little") for at in range(0, len(raw), size)]


@rule("iret-frame")
def iret_frame(e):
    """A 32-bit IRET where the CPU had pushed a 64-bit frame."""
    for place, text in e.ran(re.compile(r"^iretd?$")):
        for step, before, after in e.moments(place):
            words = stack_words(e, before, 3)
            if before.mode != "long" or len(words) < 3 or words[1] & 0xFFFF != before["cs"]:
                continue
            return Finding(
                CERTAIN,
                (
                    f"`iret` at {e.where(place.address)} ran in 64-bit mode without a REX.W prefix: it"
                    " pops three 32-bit words, and the CPU had pushed five 64-bit ones. RIP and CS came"
                    " from the two halves of one word."
                ),
                "Write `iretq`.",
                place.address,
                f"stack: RIP {words[0]:X}h, CS {words[1]:X}h, RFLAGS {words[2]:X}h, 8 bytes each",
            )
    return None


@rule("error-code-not-popped")
def error_code_not_popped(e):
    """At an IRET the error code is on top, and the frame lies one word higher."""
    for place, text in e.ran(IRET):
        for step, before, after in e.moments(place):
            if before.mode not in ("long", "protected32"):
                continue
            words = stack_words(e, before, 4, 8 if before.mode == "long" else 4)
            if len(words) < 4 or words[2] & 0xFFFF != before["cs"] or words[1] & 0xFFFF == before["cs"]:
                continue
            cause = [
                fault
                for at, fault in e.faults
                if at <= step and 0 <= words[1] - fault.pc < 16 and fault.error == words[0]
            ]
            if not cause:
                continue
            return frame_finding(e, place, cause[-1], words)
    return None


def frame_finding(e, place, fault, words):
    there, _ = gate(e, fault.state, fault.vector)
    pushes = own_pushes(e, fault.state, there.offset)
    head = (
        f"At {e.where(place.address)} the stack's top is {words[0]:X}h, the error code"
        f" {'that the CPU pushed' if fault.vector in WITH_CODE else 'or what stands for it'} of"
        f" {called(fault.vector)}, and the return address {words[1]:X}h lies above it: IRET took the"
        " error code for RIP."
    )
    entry = f"stack: {words[0]:X}h (error code), RIP {words[1]:X}h, CS {words[2]:X}h"
    if len(pushes) >= 2 and fault.vector in WITH_CODE:
        return Finding(
            CERTAIN + 1,
            f"{called(fault.vector)} has an error code from the CPU, and its handler at"
            f" {e.where(there.offset)} pushes another one, as is right only for exceptions without. "
            + head,
            "Leave the dummy error code out for vectors 8, 10 to 14, 17 and 21.",
            there.offset,
            entry,
            id="error-code-pushed-twice",
        )
    return Finding(
        CERTAIN,
        head,
        "Remove the error code before IRET (`add rsp, 8`, or 16 with the vector).",
        place.address,
        entry,
    )


def own_pushes(e, now, address):
    """The pushes of constants with which a handler begins."""
    rows = source.disassemble(e.linear(now, address, 24), address, now.bits)
    found = []
    for _, _, text in rows:
        if not re.match(r"^push (?:byte |strict |dword |qword )*[+-]?0x", text):
            break
        found.append(text)
    return found
