#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The kernel's own address space: its levels, its memory, and the shell that shows it."""
import re

import pytest

from vmlib import bochs, boots, images
from vmlib.qemu import PASSED, Qemu

PROMPT = r"(?m)^> "
RUN = re.compile(r"(?m)^  (0x[0-9a-f]{16}) +(\d+)  (r[w-][x-][u-])  (0x[0-9a-f]{12})  (.*)$")
KIB = 1024


def levels(serial):
    return int(re.search(r"(?m)^Page tables at 0x[0-9a-f]+, (\d) levels:", serial).group(1))


@pytest.mark.parametrize("cpu, expected", [("max", 5), ("max,la57=off", 4), ("qemu64", 4),
                                            ("EPYC", 4)])
def test_levels_are_the_cpus(cpu, expected):
    with Qemu(images.changed(config=images.config("selftest=space exit")), cpu=cpu) as vm:
        assert vm.wait_exit() == PASSED, vm.tail()
    assert levels(vm.serial) == expected


def test_bochs_has_four_levels():
    _, vm = bochs.finished(images.changed(config=images.config("selftest=space exit")))
    assert levels(vm.serial) == 4
    assert re.search(r"(?m)^# \d+ tests, 0 failed", vm.serial), vm.serial[-2000:]


@pytest.mark.parametrize("mib, cpu", [(16, "max"), (16, "qemu64,-nx"), (65536, "max"),
                                      (65536, "qemu64")])
def test_every_size_of_memory(mib, cpu):
    config = images.config("selftest=space exit")
    with Qemu(images.changed(config=config), machine="q35", memory=mib, cpu=cpu) as vm:
        assert vm.wait_exit() == PASSED, vm.tail()


def command(vm, text):
    """What the shell answers to one line."""
    start = len(vm.serial)
    vm.type(text + "\r")
    boots.until(lambda: re.search(PROMPT, vm.serial[start:]), f"the end of {text!r}")
    return vm.serial[start:]


@pytest.fixture(scope="module", params=["qemu64", "max"])
def shell(request):
    with Qemu(images.changed(config=images.config("")), cpu=request.param) as vm:
        vm.wait_for(PROMPT)
        yield vm


def test_map_lists_all_of_it(shell):
    runs = [(int(virt, 16), int(kib) * KIB, may, int(phys, 16), what)
            for virt, kib, may, phys, what in RUN.findall(command(shell, "map"))]
    assert {what for *_, what in runs} == {
        "direct map", "kernel stack", "text", "rodata", "data", "symbols", "double-fault stack",
        "NMI stack", "machine-check stack", *({"region"} & {what for *_, what in runs})}
    may = {what: {may for _, _, may, _, one in runs if one == what} for *_, what in runs}
    assert may["text"] == {"r-x-"} and may["rodata"] == may["symbols"] == {"r---"}
    assert may["data"] == may["kernel stack"] == may["NMI stack"] == {"rw--"}
    assert may["direct map"] == {"r---", "rw--"}
    ends = [(virt, virt + size) for virt, size, *_ in runs]
    assert all(end <= first for (_, end), (first, _) in zip(ends, ends[1:])), "sorted, disjoint"
    # No frame of the text can be written anywhere.
    text = [(phys, phys + size) for _, size, _, phys, what in runs if what == "text"]
    assert not [run for run in runs if "w" in run[2] for first, end in text
                if run[3] < end and first < run[3] + run[1]]


def test_walk_shows_every_level(shell):
    answer = command(shell, "walk kernel_main")
    found = re.findall(r"(?m)^  level (\d), entry \d+: 0x[0-9a-f]{16}, present", answer)
    assert found == [str(level) for level in range(levels(shell.serial), 0, -1)]
    assert "together: read-only, executable, ring 0 only" in answer


def test_walk_ends_at_a_hole(shell):
    answer = command(shell, "walk 0xdeadbeaf000")
    assert re.search(rf"(?m)^  level {levels(shell.serial)}, entry \d+: 0x0{{16}}, not present",
                     answer)
    assert "neither a symbol nor an address" in command(shell, "walk no-such-name")
