#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""docs/mistakes.md is what page.py makes of mistakes.txt and the patches."""
import machines
import mistakes
import page
from vmlib import paths

KEPT = paths.SOURCE / "docs/mistakes.md"
RENEW = "python3 tests/mistakes/page.py >docs/mistakes.md"


def test_the_page_is_current():
    assert KEPT.read_text() == page.page(), f"stale? renew by: {RENEW}"


def test_every_mistake_is_told_and_found_by_what_one_sees():
    found = mistakes.listed()
    text = page.page()
    rows = "\n".join(page.index(found))
    for one in found:
        assert f"\n### {one.name}\n" in text and one.cause in text
        assert page.anchor(one) in rows


def test_every_machine_has_words():
    assert set(page.MACHINES) == set(machines.MACHINES)


def test_a_cure_turns_the_patch_round(tmp_path):
    patch = tmp_path / "x.patch"
    patch.write_text("--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n one\n-right\n+wrong\n three\n")
    assert list(page.fix(patch)) == [" one", "-wrong", "+right", " three"]
