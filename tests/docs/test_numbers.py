#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every number that a page quotes with a check mark behind it is measured again.

A quoted number is followed at once by a comment that a reader does not see:

    335<!-- check: stage1.code_bytes -->            equal
    60,000<!-- check: stage2.bytes <= -->           the measured one is not above the quoted one
    187,000<!-- check: boot.64KiB.max.instructions ~5% -->    within so much of the quoted one

The names are those of tests/docs/measures.py, and every constant of include/ by its own name.
"""
import pathlib
import re
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import measures  # noqa: E402

NUMBER = r"(0x[0-9A-Fa-f]+|[0-9][0-9,]*(?:\.[0-9]+)?)( ?[KM])?"
MARK = re.compile(NUMBER + r"`?<!-- check: (\S+)(?: (<=|~\d+%))? -->")
ANY_MARK = re.compile(r"<!-- check:")
SCALE = {None: 1, "K": 1_000, "M": 1_000_000}


def prose(text):
    """A page without its code blocks, where marks are only shown."""
    return re.sub(r"(?ms)^```.*?^```|^ {4}[^\n]*$", "", text)


def quotes(text):
    """(quoted number, name, relation) of each mark in a text."""
    for digits, unit, name, relation in MARK.findall(prose(text)):
        plain = digits.replace(",", "")
        number = int(plain, 16) if plain.startswith("0x") else float(plain)
        yield number * SCALE[unit.strip() or None], name, relation


def holds(quoted, measured, relation):
    if relation == "<=":
        return measured <= quoted
    if relation:
        return abs(measured - quoted) <= quoted * int(relation[1:-1]) / 100
    return measured == quoted


def pages():
    return [measures.ROOT / "README.md", *sorted((measures.ROOT / "docs").glob("*.md"))]


def all_quotes():
    for page in pages():
        for quoted, name, relation in quotes(page.read_text()):
            yield pytest.param(quoted, name, relation, id=f"{page.name}:{name}")


@pytest.mark.parametrize("quoted, name, relation", all_quotes())
def test_number(quoted, name, relation):
    measured = measures.measure(name)
    print(f"{name}: {measured}, quoted {quoted:g} {relation}")
    assert holds(quoted, measured, relation)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_no_mark_is_misspelt(page):
    text = prose(page.read_text())
    assert len(ANY_MARK.findall(text)) == len(MARK.findall(text))


def test_the_marks_mean_what_they_say():
    text = "419<!-- check: a --> 1,000<!-- check: b <= --> 2.5 M<!-- check: c ~10% --> 3 checks"
    assert list(quotes(text)) == [(419, "a", ""), (1000, "b", "<="), (2_500_000, "c", "~10%")]
    assert holds(419, 419, "") and not holds(419, 420, "")
    assert holds(1000, 999, "<=") and not holds(1000, 1001, "<=")
    assert holds(100, 109, "~10%") and not holds(100, 111, "~10%")


def test_a_constant_is_found_by_name():
    assert measures.measure("SECTOR_BYTES") == 512
    with pytest.raises(LookupError):
        measures.measure("NO_SUCH_CONSTANT")
    with pytest.raises(LookupError):
        measures.measure("no.such.measure")
