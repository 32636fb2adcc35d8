# SPDX-License-Identifier: MIT
"""Rules about INT 13h: what was read, to where, and what was not."""
from see.explain.calls import DISK, READ_CHS, SECTOR_BYTES
from see.explain.finding import CERTAIN, LATENT, LIKELY, POSSIBLE, Finding, rule

ELF_MAGIC = b"\x7fELF"


@rule("drive-number-lost")
def drive_number_lost(e):
    start = e.state_before(0)
    for call in e.calls:
        if call.vector != DISK or call.before.mode != "real" or call.before["dl"] == start["dl"]:
            continue
        if call.function in (0x00, 0x02, 0x42) and (call.failed or not call.came_back):
            return Finding(
                CERTAIN,
                (
                    f"The disk call at {e.where(call.place.address)} asks drive"
                    f" {call.before['dl']:02X}h, but the BIOS booted from drive {start['dl']:02X}h and"
                    f" said so in DL. It failed with status {call.status_text}."
                ),
                (
                    "Save DL in the first instructions (`mov [drive], dl`), after DS is set, and load it"
                    " again before each INT 13h."
                ),
                call.place.address,
                f"DL = {call.before['dl']:02X}h, booted from {start['dl']:02X}h",
            )
    return None


@rule("chs-sector-zero")
def chs_sector_zero(e):
    for call in e.reads:
        if call.function == READ_CHS and call.before["cl"] & 63 == 0:
            return Finding(
                CERTAIN,
                (
                    f"The disk read at {e.where(call.place.address)} asks for {call.what(e.memory)}."
                    " Sectors of a track count from 1; there is no sector 0, and the BIOS answered with"
                    f" status {call.status_text}."
                ),
                "The boot sector is cylinder 0, head 0, sector 1; the one behind it is `mov cl, 2`.",
                call.place.address,
                f"CL = {call.before['cl']:02X}h: sector 0",
            )
    return None


@rule("read-across-64k")
def read_across_64k(e):
    for call in e.reads:
        first, end = call.buffer(e.memory)
        if end > first and first >> 16 != (end - 1) >> 16:
            cut = (first >> 16) + 1 << 16
            strong = call.failed or broken(e)
            return Finding(
                CERTAIN if call.failed and call.status == 9 else LIKELY + 5 if strong else LATENT + 10,
                f"The disk read at {e.where(call.place.address)} puts {call.what(e.memory)}, up to"
                f" {end - 1:X}h. That crosses {cut:X}h, a boundary of 64 KiB: DMA cannot, and a 16-bit"
                " offset wraps there"
                + (
                    f". The BIOS answered with status {call.status_text}."
                    if call.failed
                    else (
                        ". This BIOS did it all the same; others refuse (status 09h) or write the rest "
                        "to the start of the segment."
                    )
                ),
                (
                    "Read in pieces, none of which crosses a multiple of 10000h, and move ES on between"
                    " them."
                ),
                call.place.address,
                f"buffer {first:X}h to {end - 1:X}h",
                latent=not strong,
            )
    return None


def broken(e):
    """Whether it is plain that the run went wrong."""
    return e.triple or e.blank_code is not None or bool(e.real_faults) or e.said_it is False


@rule("disk-read-failed")
def disk_read_failed(e):
    """Any other read that failed to the end: only what the BIOS says."""
    failed = [call for call in e.reads if call.failed]
    if not failed or e.reads[-1] is not failed[-1]:
        return None
    call = failed[-1]
    return Finding(
        POSSIBLE,
        (
            f"The disk read at {e.where(call.place.address)} ({call.what(e.memory)}, drive "
            f"{call.before['dl']:02X}h) failed with status {call.status_text}. The image has "
            f"{len(e.image) // SECTOR_BYTES} sectors."
        ),
        "Compare the sectors asked for with the size of the image, and with the sectors of a track.",
        call.place.address,
        (
            f"INT 13h: AX = {call.before['ax']:04X}h, CX = {call.before['cx']:04X}h, "
            f"DX = {call.before['dx']:04X}h"
        ),
    )


@rule("too-few-sectors")
def too_few_sectors(e):
    """Something behind the last byte that was read from the disk is run or read, and was never there."""
    good = [call for call in e.reads if call.came_back and not call.failed]
    if not good:
        return None
    parts = loaded(e, good)
    left = left_on_disk(e, good)
    if not left:
        return None
    place, address = missing(e, parts, left)
    if place is None:
        return None
    call = good[-1]
    total = sum((call.buffer(e.memory)[1] - call.buffer(e.memory)[0]) // SECTOR_BYTES for call in good)
    return Finding(
        CERTAIN + 4,
        (
            f"{e.where(place.address)} {address[1]} {address[0]:X}h, where nothing was ever loaded. The"
            f" program reads {total} sector{'s' if total != 1 else ''} ({call.what(e.memory)}), and the"
            f" image has at least {left} more that are not empty."
        ),
        (
            f"Read all of it: the image needs {total + left} sectors behind the boot sector. Better, let"
            " the build count them."
        ),
        call.place.address,
        f"{total} sectors read, {total + left} needed",
    )


def loaded(e, good):
    """Ends of the memory that came from the disk: buffers, and what was copied from them."""
    ends = {call.buffer(e.memory)[1] for call in good}
    for place, text in e.code:
        if "movs" in text and place.writes:
            ends.add(max(place.first_write, place.last_write + place.last_write_bytes))
    return ends


def left_on_disk(e, good):
    """How many sectors behind the last one read have something in them, up to the first empty ones."""
    last = max(end_sector(e, call) for call in good)
    used = [
        at
        for at in range(last, len(e.image) // SECTOR_BYTES)
        if any(e.image[at * SECTOR_BYTES : (at + 1) * SECTOR_BYTES])
    ]
    return used[-1] + 1 - last if used and used[0] - last < 8 else 0


def end_sector(e, call):
    """The LBA behind a read; of a CHS read, by the geometry of a track of 63 or 18 sectors."""
    if call.function != READ_CHS:
        count, _, lba = call.packet(e.memory)
        return lba + count
    sectors, heads = (18, 2) if e.floppy else (63, 16)
    cylinder = call.before["ch"] | (call.before["cl"] & 0xC0) << 2
    first = (cylinder * heads + call.before["dh"]) * sectors + (call.before["cl"] & 63) - 1
    return first + call.before["al"]


def missing(e, ends, left):
    """(place, (address, what it does there)) of the first touch of what was not loaded."""
    spans = [(end, end + left * SECTOR_BYTES) for end in ends]
    for place in e.places:
        if any(first <= place.address < end for first, end in spans) and not e.was_written(
            place.address
        ):
            before = e.came_from(place)
            return before or place, (place.address, "leads to")
    for place in e.places:
        if (
            place.blank_reads
            and any(first <= place.first_blank < end for first, end in spans)
            and "movs" not in e.text(place)
        ):
            return place, (place.first_blank, "reads from")
    return None, None


@rule("chs-sector-one")
def chs_sector_one(e):
    """What was loaded and jumped to is the boot sector once more."""
    for place in e.places:
        before = e.came_from(place)
        if (
            before is None
            or abs(place.address - before.address) < 0x200
            or place.address in range(0x7C00, 0x7E00)
        ):
            continue
        now = e.state_before(place.first_step)
        if (
            len(place.code) < 2
            or place.code != e.image[: len(place.code)]
            or e.linear(now, place.address, 64) != e.image[:64]
        ):
            continue
        reads = [call for call in e.reads if not call.failed]
        if not reads:
            return None
        call = reads[-1]
        return Finding(
            CERTAIN - 2,
            (
                f"What {e.where(before.address)} jumps to, at {place.address:X}h, is the boot sector"
                f" itself once more: the disk read at {e.where(call.place.address)} asked for"
                f" {call.what(e.memory)}, which begins with it."
            ),
            (
                "The sector behind the boot sector is number 2 by cylinder, head and sector (they count"
                " from 1), and LBA 1."
            ),
            call.place.address,
            f"CL = {call.before['cl']:02X}h; {place.address:X}h holds sector 0",
        )
    return None


@rule("too-many-sectors")
def too_many_sectors(e):
    for call in e.reads:
        most = 128
        if call.function == READ_CHS and call.before["al"] > most and call.failed:
            return Finding(
                CERTAIN + 1,
                (
                    f"The disk read at {e.where(call.place.address)} asks for {call.what(e.memory)}:"
                    f" more than the {most} that one call can have. The BIOS answered with status"
                    f" {call.status_text}."
                ),
                (
                    "Read in pieces: at most to the end of a track by CHS (18 sectors on a floppy), 127"
                    " by LBA."
                ),
                call.place.address,
                f"AL = {call.before['al']} sectors",
            )
    return None


@rule("elf-as-flat")
def elf_as_flat(e):
    for place in e.places:
        now = e.state_before(place.first_step)
        if place.code[:2] == ELF_MAGIC[:2] and e.linear(now, place.address, 4) == ELF_MAGIC:
            before = e.came_from(place)
            at = before.address if before else place.address
            return Finding(
                CERTAIN,
                (
                    f"{e.where(at)} jumps to {place.address:X}h, and what lies there is an ELF file "
                    '(7F 45 4C 46, "ELF"): its header ran as code. The loader took it for a flat binary.'
                ),
                (
                    "Make a flat file of it (`objcopy -O binary kernel.elf kernel.bin`), or let the"
                    " loader read the program headers and jump to e_entry."
                ),
                at,
                f"7F 45 4C 46 at {place.address:X}h",
            )
    return None
