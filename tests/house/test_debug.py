# SPDX-License-Identifier: MIT
"""The debug build: stage 2's C traps on undefined behaviour and the kernel tells of it in words. None
happens on the way to the prompt or in any self-test, but where it is provoked."""

import re

import pytest

import checked_build
import tree
from checked_build import QEMU_FAILURE, QEMU_SUCCESS, disassembly

HANDLER = re.compile(r"call\w*\s.*<(__ubsan_handle_\w+)>")
HANDLERS = 16  # all that clang 14 has for C without floating point
PANIC = re.compile(r"coldstart: panic: undefined behaviour: "
                   r"kernel/selftest/provoke_undefined\.c:\d+:\d+: signed integer overflow: "
                   r"2147483647 \+ 1 does not fit in 'int'\n  at  0x[0-9a-f]+ provoke_undefined\+")
TRAP = re.compile(r"\bud1l?\b|\bud2\b")


@pytest.fixture(name="build", scope="module")
def debug_build(tmp_path_factory):
    return checked_build.build(tmp_path_factory.mktemp("debug"), "COLDSTART_UBSAN")


def test_the_checks_are_in_it(build):
    """Stage 2 has instructions that trap; the kernel has calls of handlers, and each of them."""
    plain, checked = (len(TRAP.findall(disassembly(folder / "stage2.elf")))
                      for folder in (tree.BUILD, build))
    print(f"stage2.elf: {plain} trapping instructions, {checked} in the debug build")
    assert checked > plain + 100
    calls = HANDLER.findall(disassembly(build / "kernel.elf"))
    print(f"kernel.elf: {len(calls)} calls of {len(set(calls))} handlers in the debug build")
    assert len(calls) > 1000 and len(set(calls)) == HANDLERS
    assert HANDLER.findall(disassembly(tree.BUILD / "kernel.elf")) == []


def test_no_path_of_this_machine_is_in_it(build):
    assert str(tree.ROOT).encode() not in (build / "kernel.elf").read_bytes()


def boot(build, scratch, words):
    return checked_build.boot(build, scratch, words, memory="256M", seconds=120)


def test_it_boots_and_passes_every_self_test(build, tmp_path):
    result = boot(build, tmp_path, "selftest")
    assert "\n# " in result.stdout, result.stdout + result.stderr
    assert "not ok" not in result.stdout and result.returncode == QEMU_SUCCESS, result.stdout
    found = re.findall(r"(?m)^ok \d+ - (ubsan\.[\w-]+)( # SKIP)?", result.stdout)
    print(f"{len(found)} kinds of undefined behaviour are provoked and told")
    assert len(found) >= 25 and not any(skipped for _, skipped in found)


def test_undefined_behaviour_is_a_panic_in_words(build, tmp_path):
    result = boot(build, tmp_path, "provoke=undefined panic=exit exit")
    assert result.returncode == QEMU_FAILURE
    assert PANIC.search(result.stdout), result.stdout
