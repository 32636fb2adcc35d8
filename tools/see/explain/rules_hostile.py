# SPDX-License-Identifier: MIT
"""Rules about what holds on one machine and not on another. They speak only when the image was seen to fail
on a machine that differs in that one thing.
"""
import re

from see.explain.finding import LIKELY, POSSIBLE, Finding, rule
from see.explain.evidence import BOOT_FIRST

BPB_FIRST, BPB_END = 0x7C03, 0x7C5A
MEGABYTE = 1 << 20
A20_PORTS = re.compile(r"^out (?:byte )?(0x92|0x60|0x64),")


def relied(e, name):
    return bool(e.hostile) and name in e.hostile


def but(e, name):
    """How the cause begins."""
    return f"Here it runs, but on a machine {e.hostile[name].words} it does not. "


@rule("cs-not-zero")
def cs_not_zero(e):
    if not relied(e, "cs"):
        return None
    uses = e.ran(re.compile(r"^mov \w+,cs$|^push cs$|\[cs:|^jmp (?!short)\w+$|^call [a-ds]\w$"))
    at = uses[0][0].address if uses else BOOT_FIRST
    return Finding(
        LIKELY + 15,
        but(e, "cs")
        + f"The sector never makes CS 0, and uses it all the same, at {e.where(at)}: "
        "07C0:0000 and 0000:7C00 are one place, but every offset differs by 7C00h.",
        "Begin with a far jump, `jmp 0:start`, and set DS, ES and SS to 0 behind it.",
        at,
        "CS = 07C0h, IP = 0000h on entry",
        latent=True,
    )


@rule("direction-flag")
def direction_inherited(e):
    if not relied(e, "flags"):
        return None
    strings = e.ran(re.compile(r"^(?:rep\w* )?(?:lods|stos|movs|cmps|scas)[bwd]"))
    clears = [place for place, text in e.code if text == "cld"]
    if not strings or clears and clears[0].first_step < strings[0][0].first_step:
        return None
    at = strings[0][0].address
    return Finding(
        LIKELY + 14,
        but(e, "flags")
        + f"`{e.text(strings[0][0])}` at {e.where(at)} goes downwards when the direction flag is "
        "set, and nothing had cleared it.",
        "Write `cld` once at the start.",
        at,
        "DF as the BIOS left it",
        latent=True,
    )


@rule("a20-closed")
def a20_closed(e):
    """A20 was never opened, and memory at odd megabytes was used."""
    odd = [
        (place, at)
        for place, _ in e.code
        for count, at in ((place.writes, place.first_write), (place.reads, place.first_read))
        if count and at & MEGABYTE
    ]
    if not odd or not relied(e, "a20"):
        return None
    tries = e.ran(A20_PORTS)
    place, address = odd[0]
    return Finding(
        LIKELY + 17,
        but(e, "a20")
        + (
            "Nothing had opened the line"
            if not tries
            else f"What {e.where(tries[0][0].address)} does to open it is not enough there"
        )
        + f", and {e.where(place.address)} uses {address:X}h: with A20 closed that is"
        f" {address & ~MEGABYTE:X}h.",
        (
            "Open A20 before using memory above 1 MiB: `in al, 92h`, `or al, 2`, `out 92h, al`, or INT"
            " 15h AX=2401h; then test that it is open."
        ),
        place.address,
        f"address {address:X}h, bit 20 set",
        latent=True,
    )


@rule("no-room-for-bpb")
def no_room_for_bpb(e):
    if not relied(e, "bpb"):
        return None
    there = [place for place in e.places if BPB_FIRST <= place.address < BPB_END]
    data = [place for place, _ in e.code if place.reads and BPB_FIRST <= place.first_read < BPB_END]
    if not there and not data:
        return None
    at = (there or data)[0].address
    return Finding(
        LIKELY + 15,
        but(e, "bpb")
        + f"The sector has its code there, at {e.where(at)}. Such BIOSes fill in a disk's "
        "geometry without asking whether there is a BPB.",
        "Begin with `jmp short start`, `nop`, and leave bytes 3 to 59h empty.",
        at,
        f"bytes {BPB_FIRST - BOOT_FIRST} to {BPB_END - BOOT_FIRST - 1:X}h of sector 0 hold code",
        latent=True,
    )


@rule("drive-number-assumed")
def drive_number_assumed(e):
    if not relied(e, "drive"):
        return None
    sets = e.ran(re.compile(r"^mov d[lx],0x(\w+)$"))
    calls = [call for call in e.calls if call.vector == 0x13]
    if not calls:
        return None
    before = [place for place, _ in sets if place.first_step < calls[0].step]
    at = before[-1].address if before else calls[0].place.address
    return Finding(
        LIKELY + 16,
        but(e, "drive")
        + f"{e.where(at)} names drive {calls[0].before['dl']:02X}h, instead of the one that the BIOS"
        " gave in DL.",
        "Save DL at the start, and use it for every INT 13h.",
        at,
        f"DL = {calls[0].before['dl']:02X}h, a constant",
        latent=True,
    )


@rule("relies-on-luck")
def relies_on_luck(e):
    """It fails elsewhere, and no rule can tell which instruction is to blame."""
    if not e.hostile:
        return None
    words = "; nor on one ".join(machine.words for machine in e.hostile.values())
    return Finding(
        POSSIBLE - 15,
        f"Here it runs, but it does not on a machine {words}.",
        "Assume nothing of registers, flags and memory that the BIOS leaves.",
        latent=True,
    )
