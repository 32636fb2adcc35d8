#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A seeded sample of the mutants; the table that the page publishes is the whole campaign's."""
import campaign
import firmware_page
import mutants
import quirks
import workarounds
from vmlib import paths

SAMPLE = 12


def test_a_sample_is_killed():
    campaign.assert_good(mutants, sample=SAMPLE)


def test_each_mutant_changes_the_source_in_one_place():
    for mutant in workarounds.MUTANTS:
        for edit in mutant.edits:
            text = (paths.SOURCE / edit.file).read_text()
            assert edit.apply(text) != text, f"{mutant}: changes nothing in {edit.file}"


def test_names_are_unique():
    names = [str(mutant) for mutant in workarounds.MUTANTS]
    assert len(names) == len(set(names))


def test_every_workaround_in_code_has_a_mutant():
    mutated = {mutant.quirk for mutant in workarounds.MUTANTS}
    without = {quirk.number for quirk in quirks.QUIRKS if quirk.workaround} - mutated
    assert without <= set(workarounds.WITHOUT), f"no mutant for {sorted(without)}"


def test_the_page_is_fresh():
    """All mutants of today were in the last whole campaign, and the page says what came of it."""
    assert list(firmware_page.kept()) == [str(mutant) for mutant in workarounds.MUTANTS]
    assert set(firmware_page.kept().values()) == {"killed"}
    assert firmware_page.PAGE.read_text() == firmware_page.page(firmware_page.kept()), \
        "stale? tools/campaign mutants --write"
