#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The learner's boot loader is right on every machine, and each mistake is seen as mistakes.txt says.

A row without `plain` is one that a plain QEMU does not show: that is tested too.
"""
import functools

import pytest

import machines
import mistakes
from vmlib import paths

ALL = mistakes.listed()
FEWEST = 32
SHOWN = [pytest.param(one, machine, id=f"{one.name}:{machine}")
         for one in ALL for machine in one.sees]
HIDDEN = [pytest.param(one, id=one.name) for one in ALL if not one.in_plain_qemu]


@functools.lru_cache(maxsize=None)
def booted(name, machine):
    return machines.boot(paths.BUILD / "mistakes" / name / "disk.img", machine)


def complaints(sees, seen):
    """What is not as the row says, in words."""
    if sees.ends == "nothing on the screen":
        if seen.last_words != machines.RIGHT or machines.RIGHT in seen.screen:
            yield f"wants {machines.RIGHT!r} on the serial port alone"
        return
    if seen.end not in sees.ends.split(" or "):
        yield f"ends with {seen.end}, not with {sees.ends}"
    if sees.says and not seen.last_words.startswith(sees.says):
        yield f"says {seen.last_words!r}, not {sees.says!r}"
    # What stands in the UART when a machine resets is lost.
    if sees.after and not (seen.last_words and sees.after.startswith(seen.last_words)):
        yield f"says {seen.last_words!r} at last, not {sees.after!r}"
    if sees.ends.startswith("reset") and not sees.after and seen.serial:
        yield f"has reached the kernel: {seen.serial}"
    if sees.screen and sees.screen not in seen.screen:
        yield f"does not show {sees.screen!r}: {seen.screen}"


@pytest.mark.parametrize("machine", machines.MACHINES)
def test_the_right_one_works(machine):
    seen = booted("right", machine)
    assert seen.is_right, seen


@pytest.mark.parametrize("mistake, machine", SHOWN)
def test_a_mistake_is_seen(mistake, machine):
    seen = booted(mistake.name, machine)
    assert not seen.is_right or mistake.sees[machine].ends == "nothing on the screen", "no mistake"
    assert list(complaints(mistake.sees[machine], seen)) == []


@pytest.mark.parametrize("mistake", HIDDEN)
def test_a_plain_qemu_does_not_show_it(mistake):
    seen = booted(mistake.name, "plain")
    assert seen.is_right, seen


def test_there_are_enough():
    assert len(ALL) >= FEWEST
    assert len({one.diagnosis for one in ALL}) == len({one.name for one in ALL}) == len(ALL)


def test_what_is_right_is_no_mistake():
    """No row would take the right loader's boot for its mistake."""
    right = booted("right", "plain")
    for one in ALL:
        for sees in one.sees.values():
            assert list(complaints(sees, right)), one.name
