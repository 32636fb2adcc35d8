#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Several bad habits of a BIOS at once, drawn by a seed, on whatever disk: the boot must get to its
self-tests, or to the error that the set makes unavoidable.
"""
import pathlib
import random
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / folder)
                for folder in ("firmware", "vm")]

import campaign  # noqa: E402
import switches  # noqa: E402
import trial  # noqa: E402

TITLE = "several quirks of firmware at once"
CASES = 400
BOCHS_EVERY = 4
FEWEST, MOST = 2, 16
DISKS = ["ahci", "ide", "virtio", "virtio-scsi", "nvme", "usb"]

# What nothing can boot from, and how it must end. The third attempt of stage 1 then names other
# drives, its error waits for a key, and stands on the page that is shown; page 0 is looked at.
FATAL = {"Q30_NO_SECTORS": "stage1 EB00", "Q30_GEOMETRY_FAILS": "stage1 EB07",
         "DISK_DEAD": "stage1 ED20"}
FATAL_EVERY = 10
NOT_WITH_FATAL = switches.starting("Q29_", "Q33_", "Q34_", "Q38_", "Q40_")
# Tried in trials of their own: they need more than a switch, or end in ways that others change.
ALONE = switches.starting("Q3_", "Q25_SILENT", "Q32_", "Q54_NO_88",
                          "DISK_OTHER_SIGNATURE")
BY_KEYBOARD = switches.starting("Q58_", "Q61_")  # QEMU with an IDE disk: see quirks_machine.py
# A tick of the clock for each call is too much where there are many calls.
SLOW, MANY_CALLS = switches.starting("Q67_"), switches.starting(
    "Q13_", "Q14_", "Q9_", "Q10_", "Q17_", "Q18_", "Q19_", "Q23_", "Q24_CF", "Q25_", "Q35_")


class Combination:
    """One set of switches, by its number alone."""

    def __init__(self, number):
        draw = random.Random(number)
        self.number = number
        self.emulator = trial.BOCHS if number % BOCHS_EVERY == 0 else trial.QEMU
        self.disk = draw.choice(DISKS)
        self.switches = []
        if number % FATAL_EVERY == 5:
            self.switches.append(draw.choice(list(FATAL)))
        wanted = draw.randint(FEWEST, MOST)
        names = [name for name in switches.SWITCHES if name not in FATAL]
        for name in draw.sample(names, len(names)):
            if len(self.switches) >= wanted:
                break
            if self.fits(name):
                self.switches.append(name)
        if BY_KEYBOARD & set(self.switches):
            self.disk = "ide"
        self.switches.sort(key=list(switches.SWITCHES).index)

    def fits(self, name):
        both = {*self.switches, name}
        return not (switches.conflict(both) or name in ALONE
                    or (name in BY_KEYBOARD and self.emulator == trial.BOCHS)
                    or (name in NOT_WITH_FATAL and both & set(FATAL))
                    or (both & SLOW and both & MANY_CALLS))

    def trial(self):
        ends = next((FATAL[name] for name in self.switches if name in FATAL), trial.READY)
        options = {"disk": self.disk} if self.emulator == trial.QEMU else {}
        return trial.Trial(str(self), " ".join(self.switches), options=options, ends=ends)

    def __str__(self):
        where = self.disk if self.emulator == trial.QEMU else self.emulator
        return f"{self.number:04}-{where}-{'+'.join(self.switches)}"


def cases():
    return [Combination(number) for number in range(CASES)]


def attempt(case):
    end, wrong = trial.attempt(case.trial(), case.emulator)
    tally = end.split(":")[0] if not wrong else f"{end}, wrong"
    return campaign.Verdict(not wrong, tally, "\n".join(wrong))


if __name__ == "__main__":
    sys.exit(campaign.run(sys.modules[__name__]))
