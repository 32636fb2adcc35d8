#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What `bench` prints, held to budgets. With -icount shift=0 the time stamp counter moves on by one an
instruction, and by one for each step of a repeated string instruction; the same in every run."""
import re

import pytest

from vmlib import images
from vmlib.qemu import PASSED, Qemu

LINE = re.compile(r"(?m)^bench (\S+) (\d+) (\S+)$")
ICOUNT = ["-icount", "shift=0,sleep=off"]
BUDGETS = {"memcpy_4k": 600}
OVERHEAD = 40  # reading the counter twice and a call, "nothing"


@pytest.fixture(name="figures", scope="module")
def figures_of_a_run():
    """{name: (value, unit)} of one boot that counts instructions."""
    with Qemu(images.changed(config=images.config("bench exit")), extra=ICOUNT) as vm:
        assert vm.wait_exit() == PASSED
        return {name: (int(value), unit) for name, value, unit in LINE.findall(vm.serial)}


def test_ticks_are_instructions(figures):
    """A copy of 64 KiB is one step for each 8 bytes, and little else: so the method is right."""
    assert 0 < figures["nothing"][0] <= OVERHEAD
    steps = 0x10000 // 8
    assert steps < figures["memcpy_64k"][0] <= steps + OVERHEAD


@pytest.mark.parametrize("name", BUDGETS)
def test_budget(figures, name):
    value, unit = figures[name]
    assert unit == "ticks"
    assert value <= BUDGETS[name]
    print(f"bench {name} {value} instructions, of {BUDGETS[name]}")
