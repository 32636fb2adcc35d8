# SPDX-License-Identifier: MIT
"""How a boot ended, in one word and what it said: for tests that do not know beforehand which of
several good ends it will be, and must never miss a bad one.

ready     the kernel is ready; with `selftest`, those of its tests that look at what the loader and
          the firmware gave it were run and passed
failed    the kernel said that something is wrong
error     the loader's coded line
stage1    stage 1's four digits
no boot   the BIOS gave up, before stage 1 or behind an error
reset     the machine reset itself
hang      none of these within the watchdog's instructions, or the guard's time
"""
import dataclasses
import re
import time

from vmlib import boots
from vmlib.bochs import Bochs
from vmlib.machine import POLL_S
from vmlib.qemu import FAILED, Qemu

# A boot with all its reports takes some 100 million instructions, firmware included; all self-tests
# ten times as many.
WATCHDOG = 3_000_000_000
BOCHS_WATCHDOG = 1_500_000_000
GUARD_S = 90
SCREEN_EVERY_S = 0.2
NO_BOOT = "No bootable device"
PROMPT = "\n> "
# Whatever went wrong on the way, the image, the hand-off, memory and page tables are whole.
TESTS = "boot.,record.,audit.,symbols.,frames.account,frames.loader,space.sections,console."
TAP_END = r"(?m)^# \d+ tests, (\d+) failed"


@dataclasses.dataclass
class Outcome:
    kind: str
    says: str = ""  # the error's line, or stage 1's digits
    serial: str = ""  # or what port E9h had, where there is no serial port
    screen: str = ""
    e9: str = ""  # of Bochs, among what it says itself
    emulator: str = ""  # what the emulator itself said

    @property
    def code(self):
        """Exx of the loader, or stage 1's digits; empty for the other ends."""
        found = re.search(r"\bE[0-9A-F]{2,3}\b", self.says)
        return found.group(0) if found else ""

    def __str__(self):
        return f"{self.kind} {self.says}".strip()


class Watcher:
    """Follows one machine to its end; `type` is how it answers the kernel's prompt."""

    def __init__(self, vm, selftest):
        self.vm = vm
        self.commands = [f"selftest {TESTS}\r", "exit\r"] if selftest else ["exit\r"]
        self.selftest = selftest
        self.answered = 0  # how long the log was when the last prompt was answered
        self.looked = 0.0
        self.screen = ""

    def answer_prompt(self):
        """The kernel's console asks for a line: give the next command, once a prompt."""
        said = self.vm.said
        if said.endswith(PROMPT) and len(said) > self.answered and self.commands:
            self.answered = len(said)
            self.vm.type(self.commands.pop(0))

    def ended(self, status):
        """The machine is gone: what that means."""
        said = self.vm.said
        if self.vm.limit_reached(status):
            self.look_back()
            return self.on_screen() or ("hang", "the watchdog's instructions are used up")
        if isinstance(self.vm, Bochs) and self.vm.gave_up:
            return "no boot", ""
        if status == FAILED:
            return "failed", ""
        if not re.search(boots.READY, said) or not self.vm.ended_well(status):
            return "reset", f"emulator status {status}"
        result = re.search(TAP_END, said)
        if self.selftest and (not result or result.group(1) != "0"):
            return "failed", "its self-tests did not pass"
        return "ready", ""

    def look_back(self):
        """Bochs's debugger dumped the screen at the end; QEMU was asked while it ran."""
        if isinstance(self.vm, Bochs):
            self.screen = self.vm.screen_text()

    def on_screen(self):
        """An end that only the screen tells."""
        digits = boots.stage1_error(self.screen)
        if digits:
            return "stage1", digits
        return ("no boot", "") if NO_BOOT in self.screen else None

    def look_at_screen(self):
        """Not while the serial port has the story, and not in Bochs, which cannot be asked."""
        if ("coldstart:" in self.vm.said or isinstance(self.vm, Bochs)
                or time.monotonic() - self.looked < SCREEN_EVERY_S):
            return None
        self.looked = time.monotonic()
        try:
            self.screen = self.vm.screen_text()
        except (ConnectionError, OSError, ValueError):
            return None  # it ends at this moment
        return self.on_screen()

    def step(self):
        """The end as (kind, says), or None while there is none."""
        if self.vm.ended():
            return self.ended(self.vm.process.returncode)
        error = re.search(boots.ERROR, self.vm.said)
        if error and re.search(boots.LEAVE, self.vm.said):
            return "error", error.group(0).rstrip("\n")
        self.answer_prompt()
        if time.monotonic() > self.vm.deadline:
            return "hang", "the guard's time is over"
        return self.look_at_screen()

    def follow(self):
        while True:
            end = self.step()
            if end:
                return Outcome(*end, serial=self.vm.said, screen=self.screen, e9=self.vm.e9,
                               emulator=self.vm.emulator_log)
            time.sleep(POLL_S)


def of(image, selftest=False, **options):
    """Boot in QEMU; the Outcome. An image whose command line says `exit` ends by itself."""
    options = {"memory": 64, "limit": WATCHDOG, "guard": GUARD_S, **options}
    with Qemu(image, **options) as vm:
        return Watcher(vm, selftest).follow()


def of_bochs(image, selftest=False, **options):
    """The same in Bochs."""
    options = {"memory": 64, "limit": BOCHS_WATCHDOG, "guard": GUARD_S, **options}
    with Bochs(image, **options) as vm:
        return Watcher(vm, selftest).follow()
