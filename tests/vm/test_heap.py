#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The kernel's heap: its budgets in instructions, what it says of itself, and its picture.

Instructions are counted in two ways that know nothing of each other. Under `-icount shift=0,sleep=off`
the guest's counter ticks once an instruction, and the kernel's own `bench` subtracts the empty loop.
The plugin counts each instruction that runs, from one function's first execution to another's. Both count
a `rep` instruction once per iteration.
"""
import functools
import re

import pytest

from vmlib import count, images, paths, plot_heap, symbols
from vmlib.qemu import FAILED, PASSED, Qemu
from test_selftest import assert_all_passed, tap

PAIR_BUDGET, MEMCPY_BUDGET = 60, 600
ROUNDS, PAIRS = 5, 1000            # kernel/selftest/bench.c and bench_heap.c
COST_RATIO = 1.25                  # how far another compiler may be from the picture's instructions
PROMPT = r"(?m)^> "


@functools.lru_cache(maxsize=None)
def measured(words):
    return plot_heap.measure(words)


@functools.lru_cache(maxsize=None)
def counted(*names):
    """Instructions up to the first execution of each of these functions; the last ends the boot."""
    places = symbols.table(paths.BUILD / "kernel.sym")
    marks = [(name, places[name]) for name in names[:-1]]
    found = count.boot(images.changed(config=images.config("bench exit")), places[names[-1]], marks)
    return [found[name].instructions for name in [*names[:-1], "stop"]]


def pair_by_plugin():
    empty, pairs, end = counted("empty_loop", "pair_loop", "read_twice")
    return ((end - pairs) - (pairs - empty)) // (ROUNDS * PAIRS)


def test_short_way_is_within_its_budget():
    bench, _ = measured("bench=heap exit")
    ticks, unit = bench["heap_64_pair"]
    print(f"allocate and free of 64 bytes: {ticks} by -icount, {pair_by_plugin()} by plugin")
    assert unit == "ticks" and 0 < ticks <= PAIR_BUDGET
    assert abs(pair_by_plugin() - ticks) <= 1


def test_memcpy_of_a_page_is_within_its_budget():
    bench, _ = measured("bench exit")
    ticks = bench["memcpy_4k"][0]
    first, behind = counted("bench_memcpy_page", "bench_memset")
    plugin = (behind - first) // ROUNDS
    print(f"memcpy of 4 KiB: {ticks} by -icount, at most {plugin} by plugin")
    assert 4096 // 8 <= ticks <= MEMCPY_BUDGET
    assert ticks <= plugin <= MEMCPY_BUDGET


def test_bench_measures_every_allocator():
    bench, series = measured("bench exit")
    for name in plot_heap.ALLOCATORS:
        assert bench[f"alloc_{name}_allocate"][0] > 0 and bench[f"alloc_{name}_free"][0] > 0
        assert series[name] == []
    assert bench["alloc_bump_refused"][0] > 0
    assert bench["alloc_slab_refused"][0] == 0


def test_unknown_area_is_said():
    with Qemu(images.changed(config=images.config("bench=nonsense exit"))) as vm:
        assert vm.wait_exit() == FAILED
    assert 'nothing to measure is called "nonsense"' in vm.serial


def test_picture_shows_this_kernel():
    """Bytes to the last one; instructions as near as another compiler comes."""
    now = plot_heap.picture_numbers(*measured("bench=heap exit"))
    shown = plot_heap.numbers_of(plot_heap.PICTURE)
    assert shown["series"] == now["series"], "tools/plot-heap draws it anew"
    for name, costs in now["instructions"].items():
        for new, old in zip(costs, shown["instructions"][name]):
            assert 1 / COST_RATIO <= new / old <= COST_RATIO, f"{name}: {old} became {new}"


def test_picture_is_drawn_from_its_numbers():
    assert plot_heap.PICTURE.read_text() == plot_heap.svg(plot_heap.numbers_of(plot_heap.PICTURE))


def test_series_is_what_the_designs_promise():
    _, series = measured("bench=heap exit")
    for points in series.values():
        assert all(0 < asked <= held for _, asked, held in points)
    held = {name: [at_step[2] for at_step in points] for name, points in series.items()}
    assert held["bump"] == sorted(held["bump"]), "a bump allocator's mark only moves up"
    assert held["slab"][-1] < max(held["slab"]), "a slab gives pages back"


@pytest.mark.parametrize("words, memory", [("memory=checked", 256), ("memory=checked", 16),
                                           ("memory=fast", 16)])
def test_selftest_in_either_mode(words, memory):
    with Qemu(images.changed(config=images.config(f"selftest=heap {words}")), memory=memory) as vm:
        assert vm.wait_exit() == PASSED, vm.tail()
    results = tap(vm.serial)
    assert_all_passed(results, vm.serial)
    skipped = [name for _, name in results if "only with memory=checked" in name]
    assert bool(skipped) == (words == "memory=fast")


@pytest.mark.parametrize("name, sentence", [("heap-double-free", "was freed twice"),
                                            ("heap-free-again", "was freed twice"),
                                            ("heap-free-middle", "was freed by an address inside"),
                                            ("heap-free-odd", "was freed by an address inside"),
                                            ("heap-free-foreign", "is none of the heap's")])
def test_fast_heap_finds_wrong_frees_when_they_reach_the_slab(name, sentence):
    words = f"provoke={name} panic=exit exit memory=fast"
    with Qemu(images.changed(config=images.config(words))) as vm:
        assert vm.wait_exit() == FAILED, vm.tail()
    assert re.search(rf"coldstart: panic: heap: the block at 0x[0-9a-f]+ {sentence}", vm.serial)


def test_report_leads_to_the_culprit():
    words = "provoke=heap-overflow panic=exit exit memory=checked"
    with Qemu(images.changed(config=images.config(words))) as vm:
        assert vm.wait_exit() == FAILED, vm.tail()
    report = vm.serial[vm.serial.index("coldstart: panic"):]
    assert "allocated by provoke_heap_overflow" in report
    assert re.search(r"(?m)^ +\d+ +0x[0-9a-f]+ provoke_heap_overflow\+", report), report


def test_shell_shows_the_account():
    with Qemu(images.changed(config=images.config("memory=checked"))) as vm:
        vm.wait_for(PROMPT)
        vm.type("heap\r")
        vm.wait_for(r"checked: \d+ live blocks, \d+ bytes; \d+ allocations; \d+ pages, \d+ at most")
        vm.type("heap live\r")
        vm.wait_for(r"(?m)^  \d+ live blocks, \d+ bytes\r?$")
