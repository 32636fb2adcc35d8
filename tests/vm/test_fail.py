#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`fail=N`: the N-th allocation of frames or heap fails, for each N of a boot.

The boot goes on without it, or ends with a sentence that says what there was no memory for.
"""
import functools
import re

from vmlib import boots, images
from vmlib.qemu import FAILED, PASSED, Qemu

MANY = 10_000_000
COUNTED = re.compile(r"(?m)^coldstart: fail=\d+: (\d+) allocations until here$")
SAID = re.compile(r"(?m)^coldstart: panic: (.*no memory.*)$")
CPUS = ("qemu64", "max")


def boot(which, cpu):
    config = images.config(f"fail={which} panic=exit exit")
    with Qemu(images.changed(config=config), cpu=cpu, memory=16) as vm:
        return vm.wait_exit(), vm.serial


@functools.lru_cache(maxsize=None)
def allocations(cpu):
    status, log = boot(MANY, cpu)
    assert status == PASSED, log
    return int(COUNTED.search(log).group(1))


def outcome(which, cpu):
    """"ready", or the sentence the boot ended with; anything else is an error."""
    status, log = boot(which, cpu)
    if status == PASSED and re.search(boots.READY, log):
        return "ready"
    assert status == FAILED and log.count("coldstart: panic") == 1, log[-2000:]
    said = SAID.search(log)
    assert said, log[-2000:]
    return said.group(1)


def test_each_allocation_of_a_boot_may_fail():
    for cpu in CPUS:
        ends = [outcome(which, cpu) for which in range(1, allocations(cpu) + 1)]
        print(f"{cpu}: {len(ends)} allocations; " +
              ", ".join(f"{ends.count(end)} x {end}" for end in sorted(set(ends))))
        assert ends, "a boot allocates something"
        assert outcome(len(ends) + 1, cpu) == "ready"
