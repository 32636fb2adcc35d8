#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The boot's budgets, in guest instructions and INT 13h calls: they are the same in every run."""
import pytest

from vmlib import bench_boot, count

KIB, MIB = 1024, 1024 * 1024
BUDGETS = {64 * KIB: 300_000, 64 * MIB: 30_000_000}
AIM_64_KIB = 200_000


@pytest.fixture(scope="module")
def subjects():
    return {size: bench_boot.Subject(size) for size in bench_boot.SIZES}


@pytest.mark.parametrize("size", bench_boot.SIZES, ids=bench_boot.size_name)
def test_budget(subjects, size):
    readings = subjects[size].counted("max")
    total = readings["stop"]
    for line in bench_boot.lines(bench_boot.size_name(size), "max", readings, size):
        print(line)
    assert total.disk_calls <= bench_boot.allowed_calls(size)
    if size in BUDGETS:
        assert total.instructions <= BUDGETS[size]


def test_every_step_is_seen(subjects):
    readings = subjects[64 * KIB].counted("max")
    missed = [label for label, _ in bench_boot.symbols.step_marks() if label not in readings]
    assert not missed, f"never executed: {missed}"


def test_counts_repeat(subjects):
    subject = subjects[64 * KIB]
    totals = {subject.counted("max")["stop"].instructions for _ in range(4)}
    assert len(totals) == 1, f"not the same in every run: {totals}"


def test_phases_add_up(subjects):
    readings = subjects[64 * KIB].counted("max")
    assert sum(cost for _, cost in count.phases(readings)) == readings["stop"].instructions
