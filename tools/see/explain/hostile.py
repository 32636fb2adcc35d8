# SPDX-License-Identifier: MIT
"""The same image on machines that give nothing for free: "works in QEMU, not on a real PC".

Each machine differs from the first run's in one thing; an image that ends otherwise there relies on it.
"""
import dataclasses
import functools
import random
import re

from see.explain import run
from vmlib import rom

NOISE_BYTES = 1 << 16
FIRMWARE_SAYS = re.compile(r"^(SeaBIOS|iPXE|Booting from|Machine UUID|Press Esc|VGA|\s*$)")
FAILED_ENDS = ("triple fault", "reset", "no boot", "left")


@dataclasses.dataclass(frozen=True)
class Other:
    """A machine with one habit; `words` follow "on a machine ..."."""

    name: str
    words: str
    switch: str = ""


MACHINES = (
    Other("segments", "whose BIOS leaves anything at all in DS, ES and SS", "Q4_SEGMENTS"),
    Other("cs", "whose BIOS enters the sector as 07C0:0000 instead of 0000:7C00", "Q1_07C0"),
    Other("flags", "whose BIOS leaves the direction flag set and all registers full", "Q5_DIRTY"),
    Other("a20", "whose A20 line is still closed", "Q55_REFUSES"),
    Other("memory", "whose memory is full of noise at power-on"),
    Other(
        "bpb", "whose BIOS writes to the sector's bytes 3 to 59h, where a BPB would be", "Q7_SCRIBBLE"
    ),
    Other("drive", "where the image is on the second disk, drive 81h", "Q3_DL_81"),
    Other("clock", "whose timer ticks very often", "Q66_FAST_CLOCK"),
)


@functools.lru_cache(maxsize=None)
def noise():
    return random.Random(NOISE_BYTES).randbytes(NOISE_BYTES)


def alike(lines):
    """What a run printed, the firmware's own lines left out and numbers made alike."""
    return [
        re.sub(r"\b[0-9A-Fa-f]*\d[0-9A-Fa-f]*h?\b", "#", line.strip())
        for line in lines
        if not FIRMWARE_SAYS.match(line)
    ]


def voices(found):
    return found.screen, found.serial.splitlines(), found.e9.splitlines()


def differs(here, there):
    """Whether one of the last lines of a run is missing in the other; what is above may tell of the machine."""
    return any(
        alike(own) and alike(own)[-1] not in alike(other)
        for own, other in zip(voices(here), voices(there))
    )


def relied_on(e, image, floppy):
    """The names of the machines on which the image ends otherwise than in the first run."""
    found = {}
    for machine in MACHINES:
        if machine.name == "a20" and asks_for_a20(e) or floppy and machine.name == "drive":
            continue
        other = run.explore_once(
            image,
            floppy=floppy,
            second=machine.name == "drive",
            rom=rom.make(machine.switch) if machine.switch else None,
            junk=None if machine.switch else noise(),
        )
        if other.ended in FAILED_ENDS and other.ended != e.ended or differs(e.run, other):
            found[machine.name] = machine
        other.path.close()
    return found


def asks_for_a20(e):
    """INT 15h AX=2401h: that machine refuses it, and a program may rely on the BIOS."""
    return any(call.vector == 0x15 and call.before["ax"] == 0x2401 for call in e.calls)
