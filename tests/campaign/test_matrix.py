#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The whole matrix; and that a row which is wrong, or says something unknown, is noticed."""
import collections
import re

import pytest

import campaign
import matrix

ENDS = r"ready|no-boot|E[0-9A-F]{2}|E[BCD][0-9A-F]{2}"


def test_every_machine():
    campaign.assert_good(matrix)


def test_rows_are_told_apart_and_end_somehow():
    rows = matrix.cases()
    names = collections.Counter(map(str, rows))
    assert not [name for name, count in names.items() if count > 1]
    assert not [row for row in rows if not re.fullmatch(ENDS, row.end)]


def row(**changes):
    line = "ahci  qemu  pc  qemu64  64M  ahci  -  ready"
    return matrix.row_of(line)._replace(**changes)


def test_another_end_is_wrong():
    assert not matrix.attempt(row(end="E11")).good
    assert not matrix.attempt(row(cpu="486")).good


def test_an_unknown_option_is_refused():
    with pytest.raises(AssertionError, match="colour"):
        matrix.attempt(row(options={"colour": "red"}))
