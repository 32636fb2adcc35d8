# SPDX-License-Identifier: MIT
"""The machines that a learner's boot loader meets, and what one sees of a boot there.

Time in QEMU is counted in instructions, so that a boot is the same each time.
"""
import contextlib
import dataclasses
import re
import time

from vmlib import rom
from vmlib.bochs import Bochs
from vmlib.machine import POLL_S
from vmlib.qemu import Qemu

RIGHT = "right: 20 ticks"
NO_BOOT = "No bootable device"
# The machine's name: a switch of the hostile firmware, or how the disk hangs on QEMU.
ROMS = {
    "DS=junk": "Q4_SEGMENTS",
    "CS=07C0": "Q1_07C0",
    "DF set": "Q5_DIRTY",
    "BPB written": "Q7_SCRIBBLE",
    "A20 closed": "Q55_REFUSES",
    "fast clock": "Q66_FAST_CLOCK",
    "poisoned RAM": "POISON_CC",
}
MACHINES = ["plain", "floppy", "bochs", *ROMS]
# Instructions, firmware included; the right loader needs two thirds of them.
LIMIT, POISON_LIMIT = 24_000_000, 40_000_000
COUNTED_TIME = ["-icount", "shift=5"]
MEMORY_MIB = 32
GUARD_S = 300
LOOK_EVERY_S = 0.2  # at the screen


@dataclasses.dataclass
class Seen:
    """How a boot ended.

    end     `reset`; `hang`: the instructions are used up, or the CPU is halted with interrupts off;
            `says`: the kernel's last words, good or bad; `no boot`: the BIOS found nothing
    serial  lines
    screen  its text, where one can ask for it
    """

    end: str
    serial: list
    screen: str

    @property
    def last_words(self):
        return self.serial[-1] if self.serial else ""

    @property
    def is_right(self):
        return self.end == "says" and self.last_words == RIGHT and (
            not self.screen or RIGHT in self.screen)


def start(image, machine):
    if machine == "bochs":
        return Bochs(image, memory=MEMORY_MIB, limit=LIMIT, guard=GUARD_S)
    return Qemu(image, memory=MEMORY_MIB, extra=COUNTED_TIME, guard=GUARD_S,
                disk="floppy" if machine == "floppy" else "ide",
                rom=rom.make(ROMS[machine]) if machine in ROMS else None,
                limit=POISON_LIMIT if machine == "poisoned RAM" else LIMIT)


def halted_for_ever(vm):
    """HLT with interrupts off: nothing but a reset ends that."""
    text = vm.qmp.call("human-monitor-command", **{"command-line": "info registers"})
    flags = int(re.search(r"[ER]FL=([0-9a-f]+)", text).group(1), 16)
    return "HLT=1" in text and not flags & 1 << 9


def has_last_words(serial):
    """The kernel stops behind these."""
    return re.search(r"(?m)^(right: \d+ ticks|(?:primes: )?exception \w+ code \w+ at \w+|wrong .*)\n", serial)


def ended(vm, screen):
    """The emulator is gone: (end, screen)."""
    end = "hang" if vm.limit_reached(vm.process.returncode) else "reset"
    if has_last_words(vm.serial):
        end = "says"
    if isinstance(vm, Bochs):
        return ("no boot" if vm.gave_up else end), vm.screen_text()
    return end, screen


def look(vm):
    """A running machine: (its screen, whether it is halted for ever). Bochs cannot be asked."""
    if isinstance(vm, Bochs):
        return "", False
    with contextlib.suppress(ConnectionError, OSError, ValueError):  # it ends at this moment
        halted = halted_for_ever(vm)  # before the screen, which then changes no more
        return vm.screen_text(), halted
    return "", False


def follow(vm):
    """Until the end: (end, screen)."""
    screen, looked = "", 0.0
    while not vm.ended():
        if time.monotonic() > vm.deadline:
            raise AssertionError(f"no end within the guard's time\n{vm.tail()}")
        said = has_last_words(vm.serial)  # before the screen, which has them first
        if said or time.monotonic() - looked > LOOK_EVERY_S:
            looked = time.monotonic()
            seen, halted = look(vm)
            screen = seen or screen
            if NO_BOOT in screen:
                return "no boot", screen
            if said or halted:
                return ("says" if has_last_words(vm.serial) else "hang"), screen
        time.sleep(POLL_S)
    return ended(vm, screen)


def boot(image, machine):
    """Boot there; what was Seen."""
    with start(image, machine) as vm:
        end, screen = follow(vm)
        return Seen(end, vm.serial.splitlines(), screen)
