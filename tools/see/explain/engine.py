# SPDX-License-Identifier: MIT
"""From an image to its findings."""
import pathlib

from see.explain import (
    hostile,
    rules_disk,
    rules_hostile,
    rules_interrupts,  # noqa: F401 (they register)
    rules_handlers,
    rules_kernel,
    rules_mode,
    rules_paging,
    rules_sector,
    run,
)
from see.explain import report
from see.explain.evidence import Evidence
from see.explain.finding import LIKELY, findings
from see.explain.where import Where

# What only tells that something is wrong is not told beside what tells more.
WEAK = ("relies-on-luck", "no-idt", "data-not-mapped", "jump-to-nothing")


def examine(image, symbols=(), floppy=False, expect=None):
    """(Evidence, findings) of an image."""
    data = pathlib.Path(image).read_bytes()
    where = Where.of(image, symbols)
    found = run.explore(image, floppy=floppy)
    where.settle(found.path)
    e = Evidence(data, found, where, expect, floppy)
    result = findings(e)
    if e.started and report.runs_well(e) and not any(one.strength >= LIKELY for one in result):
        e.hostile = hostile.relied_on(e, image, floppy)
        if e.hostile:
            result = findings(e)
    return e, [one for one in result if one.id not in WEAK or one is result[0]]
