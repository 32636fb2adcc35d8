#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""docs/firmware.md: made from the catalogue of quirks, the list of mutants, and what the last whole
campaign of mutants came to, which is kept in mutants.txt.
"""
import pathlib
import sys

import firmware  # for the way to the catalogue, too
import quirks
import workarounds
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
"""


def kept():
    """{mutant: tally} of the last whole campaign."""
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


def is_reproduced(quirk):
    return bool(quirk.trials or quirk.elsewhere.startswith((EMULATED, "tested by")))


def page(tallies):
    rows = [f"| Q{quirk.number} | {quirk.title} | {places(quirk)} | {trial_words(quirk)} | "
            f"{mutant_words(quirk, tallies)} |\n" for quirk in quirks.QUIRKS]
    head = HEAD.format(
        total=len(quirks.QUIRKS), survived=sum(map(is_reproduced, quirks.QUIRKS)),
        trials=len(firmware.TRIALS), mutants=len(workarounds.MUTANTS),
        killed=sum(tally == "killed" for tally in tallies.values()))
    return head + "".join(rows) + TAIL


def write(results):
    """Keep the results of a whole campaign, and make the page of them."""
    lines = [f"{case} {verdict.tally}\n" for case, verdict in results]
    KEPT.write_text("# SPDX-License-Identifier: MIT\n# What the last whole campaign of mutants came "
                    "to: tools/campaign mutants --write.\n" + "".join(lines))
    PAGE.write_text(page(kept()))


if __name__ == "__main__":
    sys.stdout.write(page(kept()))
