# SPDX-License-Identifier: MIT
"""Rules about sector 0 and how it is entered: signature, segments, origin, stack."""
import re

from see.explain import opcodes
from see.explain.finding import CERTAIN, LATENT, LIKELY, Finding, rule
from see.explain.evidence import BOOT_END, BOOT_FIRST, SECTOR_BYTES, SIGNATURE_AT

SIGNATURE = b"\x55\xaa"
NEAR = range(0x1C0, 0x800)  # where a signature that slipped would lie
VECTOR_TABLE_BYTES = 0x400
LOADS_DS = re.compile(r"^(mov ds,|pop ds$|o\d+ pop ds$|lds )")
USES_DS = re.compile(
    r"^(?!.*\b[efgs]s:|.*\bcs:|lea |nop)(?:.*\[(?![^\]]*\b[er]?[bs]p\b)"
    r"|(?:rep\w* )?(?:lods|movs|cmps|outs)|xlat)"
)


@rule("no-signature")
def no_signature(e):
    if e.started or e.image[SIGNATURE_AT:SECTOR_BYTES] == SIGNATURE or misplaced(e.image) is not None:
        return None
    there = e.image[SIGNATURE_AT:SECTOR_BYTES].hex(" ").upper() or "nothing: the file ends before"
    return Finding(
        CERTAIN,
        (
            "The BIOS did not start the sector, because its last two bytes, 510 and 511, "
            f"are not 55 AA. They are {there}."
        ),
        "End the sector with `times 510 - ($ - $$) db 0` and `dw 0xAA55`.",
        entry=f"bytes 510 and 511 of sector 0: {there}",
    )


def misplaced(image):
    """Where a signature lies that is not in its place: its offset, or None."""
    if image[SIGNATURE_AT:SECTOR_BYTES] == SIGNATURE[::-1]:
        return SIGNATURE_AT
    found = [at for at in NEAR if image[at : at + 2] == SIGNATURE]
    return found[0] if found else None


@rule("signature-misplaced")
def signature_misplaced(e):
    if e.started or e.image[SIGNATURE_AT:SECTOR_BYTES] == SIGNATURE or misplaced(e.image) is None:
        return None
    at = misplaced(e.image)
    if at == SIGNATURE_AT:
        return Finding(
            CERTAIN,
            (
                "The BIOS did not start the sector: bytes 510 and 511 are AA 55, the "
                "signature's two bytes in the wrong order. x86 stores the low byte first."
            ),
            "Write `dw 0xAA55` (or `db 0x55, 0xAA`).",
            entry="bytes 510 and 511 of sector 0: AA 55",
            id="signature-swapped",
        )
    there = e.image[SIGNATURE_AT:SECTOR_BYTES].hex(" ").upper()
    return Finding(
        CERTAIN,
        (
            f"The BIOS did not start the sector: the signature 55 AA lies at byte {at}, "
            f"and the BIOS looks at byte 510, where it finds {there}."
        ),
        "Pad to byte 510, not elsewhere: `times 510 - ($ - $$) db 0`, then `dw 0xAA55`.",
        entry=f"55 AA at byte {at}; bytes 510 and 511 of sector 0: {there}",
    )


@rule("org-missing")
def org_missing(e):
    """Code or data that belongs to the sector is looked for in the vector table, 7C00h too low."""
    for place, text in e.code:
        now = e.state_before(place.first_step)
        if place.address < SECTOR_BYTES and now and now.mode == "real":
            before = e.came_from(place)
            if (
                before
                and BOOT_FIRST <= before.address < BOOT_END
                and opcodes.opcode(before.code)[0] in (0xEA, 0xFF, 0xE9, 0xCB)
            ):
                return wrong_origin(e, before, place.address, "jumps to")
        inside = BOOT_FIRST <= place.address < BOOT_END
        if (
            inside
            and place.reads
            and place.first_read < SECTOR_BYTES
            and now.mode == "real"
            and USES_DS.search(text)
            and now.segments["ds"].base == 0
            and sector_byte_matters(e, place.first_read)
        ):
            return wrong_origin(e, place, place.first_read, "reads from")
    return None


def sector_byte_matters(e, offset):
    """Whether the sector has something at this offset."""
    return any(e.image[offset : offset + 4])


def wrong_origin(e, place, target, verb):
    return Finding(
        LIKELY + 15,
        (
            f"The instruction at {e.where(place.address)} {verb} {target:X}h. That is in the BIOS's"
            f" interrupt vectors; what it wants lies {BOOT_FIRST:X}h higher, at"
            f" {target + BOOT_FIRST:X}h, in the sector itself. The sector was assembled as if it were"
            " loaded at 0."
        ),
        (
            "Put `org 0x7C00` at its top and keep the segments 0, or keep `org 0` and load DS (and CS by"
            " a far jump) with 07C0h."
        ),
        place.address,
        f"address {target:X}h instead of {target + BOOT_FIRST:X}h",
    )


@rule("ds-not-set")
def ds_not_set(e):
    """Data was used through DS before anything loaded DS: it has what the BIOS left there."""
    for place, text in e.code:
        if LOADS_DS.search(text) or e.state_before(place.first_step).mode != "real":
            return None
        if USES_DS.search(text) and (place.reads or place.writes or text.startswith("lgdt")):
            failed = bool(e.hostile) and "segments" in e.hostile
            return Finding(
                LIKELY + 15 if failed else LATENT,
                (
                    f"The instruction at {e.where(place.address)} uses DS, and nothing had put a value"
                    " into DS before: it holds whatever the BIOS left there, here"
                    f" {e.state_before(place.first_step)['ds']:X}h, on other machines something else."
                ),
                (
                    "Begin with `xor ax, ax` and `mov ds, ax` (and the same for ES and SS), before the"
                    " first use of memory."
                ),
                place.address,
                f"DS = {e.state_before(place.first_step)['ds']:04X}h, as the BIOS left it",
                latent=True,
            )
    return None


@rule("segment-and-origin")
def segment_and_origin(e):
    """DS is 07C0h and the addresses are counted from 7C00h all the same: 7C00h twice."""
    for place, text in e.code:
        now = e.state_before(place.first_step)
        twice = (
            now.mode == "real"
            and place.blank_reads
            and now.segments["ds"].base == BOOT_FIRST
            and 2 * BOOT_FIRST <= place.first_blank < BOOT_FIRST + BOOT_END
        )
        if twice and USES_DS.search(text):
            meant = place.first_blank - BOOT_FIRST
            return Finding(
                CERTAIN + 3,
                (
                    f"{e.where(place.address)} reads {place.first_blank:X}h, where nothing is. DS is"
                    " 07C0h, and the offset already counts from 7C00h (`org 0x7C00`): what it wants is"
                    f" at {meant:X}h."
                ),
                "With `org 0x7C00` load the segments with 0; with `org 0` load them with 07C0h.",
                place.address,
                f"DS = 07C0h, address {place.first_blank:X}h instead of {meant:X}h",
            )
    return None


@rule("direction-flag")
def direction_flag(e):
    """A string instruction that ran backwards."""
    strings = re.compile(r"^(?:rep\w* )?(?:a\d+ )?(lods|stos|movs|cmps|scas)[bwdq]")
    stopped = [place for place, text in e.code if text in ("std",)]
    for place, text in e.code:
        now = e.states.get(place.first_step)
        if not strings.search(text) or now is None or not now.flags & 0x400:
            continue
        why = (
            f"`std` at {e.where(stopped[-1].address)} had set it"
            if stopped
            else "nothing had cleared it, and the BIOS left it set"
        )
        cleared = [one for one, other in e.code if other == "cld" and one.first_step < place.first_step]
        if stopped and cleared and cleared[-1].first_step > stopped[-1].first_step:
            continue
        return Finding(
            LIKELY + 10,
            (
                f"`{text}` at {e.where(place.address)} ran with the direction flag set, so it "
                f"went downwards in memory instead of upwards; {why}."
            ),
            "Write `cld` once at the start, before the first string instruction.",
            place.address,
            "DF = 1 in the flags",
        )
    return None


@rule("stack-in-the-way")
def stack_in_the_way(e):
    """The stack lies on memory that is needed: a disk read's buffer, code, page tables."""
    for call in e.reads:
        first, end = call.buffer(e.memory)
        top = call.before.segments["ss"].base + call.before["sp"]
        # INT pushes six bytes and the BIOS needs some more below them.
        if first < top < end + 64 and not call.failed:
            return stack_finding(
                e,
                call.place.address,
                top,
                first,
                end,
                f"the disk read at {e.where(call.place.address)} ({call.what(e.memory)}) fills",
            )
    for place, text in e.code:
        if not text.startswith(("push", "call")) or not place.writes:
            continue
        for what, first, end in needed(e):
            hits = [at for at in (place.first_write, place.last_write) if first <= at < end]
            if hits:
                return stack_finding(e, place.address, hits[0], first, end, f"{what} lies at")
    return None


def needed(e):
    """[(what, first, end)] of memory that no stack may lie on."""
    found = [("the boot sector, which is still running,", BOOT_FIRST, BOOT_END)]
    now = e.run.state or e.state_before(e.last_step)
    if e.triple and e.chain:
        now = e.chain[0].state
    how = e.paging(now) if now else None
    if how:
        for level in e.walk(now, now.pc):
            if level.table:
                found.append((f"the page table {level.name}", level.table, level.table + 4096))
    return found


def stack_finding(e, at, top, first, end, why):
    return Finding(
        LIKELY + 12,
        (
            f"The stack is in the way: it was at {top:X}h, and {why} {first:X}h to {end - 1:X}h. "
            "Return addresses and data overwrite one another."
        ),
        (
            "Put the stack where nothing else is, for example SS:SP = 0000:7C00h below the sector, and"
            " keep what is loaded away from it."
        ),
        at,
        f"stack at {top:X}h, inside {first:X}h to {end - 1:X}h",
    )


@rule("load-over-itself")
def load_over_itself(e):
    for call in e.reads:
        first, end = call.buffer(e.memory)
        if first < BOOT_END and end > BOOT_FIRST and not (call.failed and call.status in (1, 4)):
            return Finding(
                CERTAIN if not call.came_back else LIKELY + 13,
                (
                    f"The disk read at {e.where(call.place.address)} puts {call.what(e.memory)}, up to"
                    f" {end - 1:X}h. The code that is running lies at 7C00h to 7DFFh, so the read"
                    " overwrites it."
                ),
                (
                    "Read to memory that is free, 7E00h and up or 1000:0000h, not over the sector that"
                    " is running."
                ),
                call.place.address,
                f"buffer {first:X}h to {end - 1:X}h",
            )
        if first < VECTOR_TABLE_BYTES:
            return Finding(
                LIKELY + 13,
                (
                    f"The disk read at {e.where(call.place.address)} puts {call.what(e.memory)}: over"
                    " the BIOS's interrupt vectors (0 to 3FFh). The next interrupt goes nowhere."
                ),
                "Set ES:BX to free memory before the read.",
                call.place.address,
                f"buffer {first:X}h to {end - 1:X}h",
            )
    return None
