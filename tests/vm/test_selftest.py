#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The kernel's own tests, by `selftest` on its command line: TAP version 13, then the exit."""
import re

import pytest

from vmlib import bochs, images
from vmlib.qemu import FAILED, PASSED, Qemu

CPUS = ["qemu64", "max", "EPYC", "qemu64,-nx"]
RESULT = re.compile(r"(?m)^(ok|not ok) (\d+)(?: - )?(.*)$")


def tap(text):
    """[(passed, name)] of a complete TAP stream; skips count as passed, and are named."""
    start = text.index("TAP version 13")
    plan = re.search(r"(?m)^1\.\.(\d+)", text[start:])
    assert plan, "no TAP plan"
    results = RESULT.findall(text[start:])
    numbers = [int(number) for _, number, _ in results]
    assert numbers == list(range(1, int(plan.group(1)) + 1)), "results and plan differ"
    return [(verdict == "ok", name) for verdict, _, name in results]


def run(cmdline, **options):
    with Qemu(images.changed(config=images.config(cmdline)), **options) as vm:
        status = vm.wait_exit()
    return status, vm


def assert_all_passed(results, log):
    failed = [name for passed, name in results if not passed]
    assert not failed, f"failed: {failed}\n{log[-3000:]}"
    skipped = [name for _, name in results if "# SKIP" in name.upper()]
    print(f"{len(results)} tests, {len(skipped)} skipped: {skipped}")


@pytest.mark.parametrize("cpu", CPUS)
def test_selftest(cpu):
    status, vm = run("selftest", cpu=cpu)
    assert_all_passed(tap(vm.serial), vm.serial)
    assert status == PASSED
    assert vm.serial == vm.e9


def test_selftest_on_q35_with_framebuffer():
    config = images.config("selftest", video="1024x768x32")
    with Qemu(images.changed(config=config), machine="q35") as vm:
        assert vm.wait_exit() == PASSED
    assert_all_passed(tap(vm.serial), vm.serial)


def test_selftest_in_bochs():
    _, vm = bochs.finished(images.changed(config=images.config("selftest")))
    assert_all_passed(tap(vm.serial), vm.serial)


def test_selftest_of_a_pattern():
    _, everything = run("selftest")
    names = [name for _, name in tap(everything.serial)]
    wanted = names[0].split()[0]
    status, vm = run(f"selftest={wanted}")
    found = [name for _, name in tap(vm.serial)]
    assert status == PASSED
    assert 0 < len(found) < len(names)
    assert all(wanted in name for name in found)


def test_selftest_of_several_patterns():
    status, vm = run("selftest=list.e*,format.cuts,no-such-test")
    assert status == PASSED
    assert [name for _, name in tap(vm.serial)] == ["format.cuts", "list.empty"]


def test_a_pattern_that_fits_nothing_is_a_failure():
    status, vm = run("selftest=no-such-test")
    assert status == FAILED, vm.tail()
