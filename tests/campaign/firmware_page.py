#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""docs/firmware.md: made from the catalogue of quirks, the list of mutants, and what the mutants last
came to, which is kept in mutants.txt.
"""
import collections
import pathlib
import sys

import firmware  # for the way to the catalogue, too
import quirks
import workarounds
from trial import HOST
from vmlib import paths

PAGE = paths.SOURCE / "docs/firmware.md"
KEPT = pathlib.Path(__file__).with_name("mutants.txt")
EMULATED = "emulated"

HEAD = """# Firmware: {total} quirks, and how each is survived

This page is made by `tools/campaign mutants --write`; the test `campaign.mutants` fails when it is
stale. A quirk is something that a BIOS or a machine has been seen to do. Each is played by a hostile
option ROM (`tests/firmware/rom.asm`) or by an emulator's own switches, against the image as it is
built, bit for bit, in QEMU and in Bochs; the boot must reach the kernel and pass its self-tests or,
where nothing could work, end in the right coded error. Then each workaround is disabled in the
source, one at a time, and the trial must fail: a workaround that nobody would miss is either
needless or untested.

| | |
|---|---|
| quirks reproduced and survived | {survived} of {total} |
| of these by whole boots; by a look at the image alone; on the host alone | {boots}; {looks}; {host} |
| trials, in QEMU, in Bochs, or as a check of the image | {trials} |
| workarounds disabled, one at a time | {mutants} |
| of these noticed by the quirk's own test | {killed} |

`tools/campaign firmware` runs every trial, `tools/campaign firmware --only Q17` those of one quirk,
`tools/campaign combinations` random sets of switches together, `tools/campaign mutants` disables the
workarounds.

| quirk | what the machine does | where the source copes | trials | disabled workarounds, all noticed unless said |
|---|---|---|---|---|
"""

TAIL = """
A trial's name is the quirk's number and a word, as in `tools/campaign firmware --only Q17-mute`. Trials
end with the self-tests passed unless an error stands in brackets. Where it says *emulated*, the
machine is played on the host, port by port (`tests/emulated`), for no emulator can be made to
behave so.

## What turned out otherwise than it is told

* A second disk that is booted is drive 80h under SeaBIOS, whatever its place: `bootindex` renumbers the
  drives. 81h comes from a boot manager, or from the hostile firmware (Q3).
* QEMU without a keyboard controller (`i8042=off`) has no port 92h either, so A20 cannot be shut there
  (Q56); Bochs's two gates are one bit, so neither can be tried alone (Q58).
* With A20 really shut, SeaBIOS's own 32-bit disk drivers fail before anybody's boot sector does.
* Bochs's BIOS reads backwards when INT 13h is called with DF set, which is what a BIOS that returns with
  DF set makes of a careless caller (Q22).
* A teletype that destroys BP goes unnoticed in whole boots, for nothing is kept there at that time. The
  routine's promise is tested on the host instead (Q36).
* Masking NMI at port 70h is what others do during a change of mode (Q66). No emulator has that mask, and
  it needs none: a vector table that serves real, protected and long mode at once closes the gap.
* Fletcher's sums take ones for zeros: a copy of stage 2 that reads as FFh throughout had the right sums
  until the first of them was given a seed.
* SeaBIOS clears conventional memory from 6000h to 90000h at power-on, so rubbish there must be written
  right before the boot sector is entered.
"""


def kept():
    """{mutant: tally}, as it was last tried."""
    lines = KEPT.read_text().splitlines() if KEPT.exists() else []
    return dict(line.split(None, 1) for line in lines if not line.startswith("#"))


def places(quirk):
    """`file: label`, each as a link."""
    if not quirk.workaround:
        return "nothing to do"
    return ", ".join(f"[`{label}`](../{file})" for file, label in
                     (place.split(":") for place in quirk.workaround))


def trial_words(quirk):
    words = []
    for trial in quirk.trials:
        end = "" if trial.ends == "ready" else f" [{trial.ends}]"
        words.append(f"{trial.name}{end}")
    if quirk.elsewhere:
        words.append(f"*{quirk.elsewhere}*")
    return ", ".join(words)


def mutant_words(quirk, tallies):
    words = []
    for mutant in workarounds.MUTANTS:
        if mutant.quirk == quirk.number:
            tally = tallies.get(str(mutant), "not tried yet")
            words.append(mutant.name + ("" if tally == "killed" else f" (**{tally}**)"))
    return ", ".join(words) or "-"


def ways(quirk):
    """How a quirk is reproduced: "boots", "looks", "host" or "no"."""
    if any(set(trial.emulators) - {HOST} for trial in quirk.trials):
        return "boots"
    if quirk.trials:
        return "looks"
    return "host" if quirk.elsewhere.startswith(EMULATED) else "no"


def page(tallies):
    rows = [f"| Q{quirk.number} | {quirk.title} | {places(quirk)} | {trial_words(quirk)} | "
            f"{mutant_words(quirk, tallies)} |\n" for quirk in quirks.QUIRKS]
    count = collections.Counter(map(ways, quirks.QUIRKS))
    head = HEAD.format(
        total=len(quirks.QUIRKS), survived=len(quirks.QUIRKS) - count["no"], boots=count["boots"],
        looks=count["looks"], host=count["host"], trials=len(firmware.TRIALS),
        mutants=len(workarounds.MUTANTS), killed=sum(tally == "killed" for tally in tallies.values()))
    return head + "".join(rows) + TAIL


def write(results):
    """Keep these results with the earlier ones of the other mutants, and make the page of them."""
    tallies = {**kept(), **{str(case): verdict.tally for case, verdict in results}}
    lines = [f"{mutant} {tallies[str(mutant)]}\n" for mutant in workarounds.MUTANTS
             if str(mutant) in tallies]
    KEPT.write_text("# SPDX-License-Identifier: MIT\n# What each mutant came to when it was last "
                    "tried: tools/campaign mutants --write.\n" + "".join(lines))
    PAGE.write_text(page(kept()))


if __name__ == "__main__":
    sys.stdout.write(page(kept()))
