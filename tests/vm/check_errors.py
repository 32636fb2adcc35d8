#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every error code is documented, and was brought about by a boot of this build: the tests vm.bad_*
have just run and left their records.
"""
import re

from vmlib import errors, paths

CODES = {f"E{code:02X}": sentence for code, sentence in errors.STATUS.values()}

# Only a loader with one routine changed gets here: no machine that is emulated has the fault.
CHANGED_LOADER = {
    "E10": "port 92h opens A20 in every emulator",
    "E14": "the loader has no known fault",
    "E15": "no emulated CPU is as old as that",
}


def test_every_code_is_reached():
    recorded = errors.recorded()
    assert set(recorded) == {*CODES, *errors.STAGE1}, "codes that no boot brought about, or no list has"
    for code in sorted(recorded):
        loader, test, line = recorded[code][0]
        print(f"{code} {len(recorded[code]):3} times, {loader} loader, {test}: {line}")


def test_nearly_all_by_the_shipped_loader():
    for code, rows in errors.recorded().items():
        shipped = any(loader == "shipped" for loader, _, _ in rows)
        assert shipped != (code in CHANGED_LOADER), f"{code}: {rows}"


def test_every_code_is_documented():
    page = (paths.SOURCE / "docs/errors.md").read_text()
    rows = dict(re.findall(r"(?m)^\| (E?\w+) \| ([^|]+) \|", page))
    assert all(rows[code] == sentence for code, sentence in CODES.items())
    assert all(rows[code[1:]] == sentence for code, sentence in errors.STAGE1.items())
