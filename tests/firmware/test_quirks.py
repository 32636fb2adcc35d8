#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The catalogue is whole: every quirk once, tried or explained; every switch used; every number in the
source means something, and every workaround that is named is there.
"""
import re

import pytest

import quirks
import switches
import trial
from vmlib import paths, rom

NUMBERS = range(1, 68)
TRIED_AT_LEAST = 60
NUMBER = re.compile(r"\bQ(\d+)\b")
SOURCES = ("stage1", "stage2", "kernel", "include", "tools")
# From a label to its comment or code: a card stands above it, its code below.
ABOVE, BELOW = 30, 60


def numbered(text):
    """Numbers of quirks, `Q18 to Q26` and `Q2/Q3` spelt out."""
    found = {int(number) for number in NUMBER.findall(text)}
    for first, last in re.findall(r"\bQ(\d+) to Q(\d+)\b", text):
        found.update(range(int(first), int(last) + 1))
    return found


def sources():
    """(path, text) of every text file that could carry a number."""
    for folder in SOURCES:
        for path in sorted((paths.SOURCE / folder).rglob("*")):
            if path.is_file():
                try:
                    yield path, path.read_text()
                except UnicodeDecodeError:
                    continue


def test_every_quirk_once():
    assert [quirk.number for quirk in quirks.QUIRKS] == list(NUMBERS)
    assert all(quirk.title and "\n" not in quirk.title for quirk in quirks.QUIRKS)


def test_tried_or_explained():
    for quirk in quirks.QUIRKS:
        assert quirk.trials or quirk.elsewhere, f"Q{quirk.number} is not tried, and nobody says why"
    tried = [quirk for quirk in quirks.QUIRKS if quirk.trials]
    print(f"{len(tried)} of {len(NUMBERS)} quirks are tried, in {len(quirks.trials())} ways")
    assert len(tried) >= TRIED_AT_LEAST


def test_names_are_unique():
    names = [name for name, _, _ in quirks.trials()]
    assert len(set(names)) == len(names)


def test_switches_are_those_of_the_rom():
    assert rom.known() == set(switches.SWITCHES)
    for members in switches.GROUPS.values():
        assert len(members) > 1 and members <= set(switches.SWITCHES)


def test_every_switch_is_tried():
    used = {switches.plain(word) for _, one, _ in quirks.trials() for word in one.switches.split()}
    # These have tests of their own: campaign.poison, vm.bad_firmware.
    elsewhere = switches.starting("POISON_", "DISK_OTHER_SIGNATURE")
    assert set(switches.SWITCHES) - used == elsewhere


def test_trials_are_compatible():
    for name, one, _ in quirks.trials():
        assert not switches.conflict(one.switches.split()), name


def test_every_number_in_the_source_is_tried():
    known = {quirk.number for quirk in quirks.QUIRKS if quirk.trials or quirk.elsewhere}
    for path, text in sources():
        assert numbered(text) <= known, path


@pytest.mark.parametrize("quirk", quirks.QUIRKS, ids=lambda quirk: f"Q{quirk.number}")
def test_workaround_is_there(quirk):
    for place in quirk.workaround:
        file, label = place.split(":")
        lines = (paths.SOURCE / file).read_text().splitlines()
        at = [number for number, line in enumerate(lines) if re.search(rf"\b{label}\b", line)]
        assert at, f"{file} has no {label}"
        near = {number for line in at
                for number in numbered("\n".join(lines[max(0, line - ABOVE):line + BELOW]))}
        assert quirk.number in near, f"{place} does not carry Q{quirk.number}"


def test_what_does_not_work_is_found():
    assert switches.conflict(["Q17_MUTE", "Q17_NO_MAGIC"]) == "EDD"
    assert switches.conflict(["Q17_MUTE", "Q21_REGISTERS"]) is None
    assert numbered("see Q18 to Q20, and Q3") == {3, 18, 19, 20}
    one = trial.Trial("x", ends="error E60", says=("words",))
    found = trial.outcome.Outcome("ready", serial="", e9="\aS")
    result = trial.Result(found, 64)
    assert next(trial.complaints(one, result)).startswith("ended with ready")
    assert len(list(trial.complaints(trial.Trial("x", says=("words",)), result))) == 2
