# SPDX-License-Identifier: MIT
"""The KASAN build: every load and store of the kernel's C is checked. Nothing is found on the way to
the prompt or in any self-test, and each kind of wrong access is reported in words."""

import re

import pytest

import checked_build
import tree
from checked_build import QEMU_FAILURE, QEMU_SUCCESS, disassembly

CHECK = re.compile(r"call\w*\s.*<__asan_(?:load|store)(?:\d+|N)_noabort>")

# Disaster: the report's first line, and the function that did it.
REPORTS = {
    "kasan-global": (r"global out of bounds: write of 1 byte at 0x\w+, "
                     r"right behind the variable kasan_object of 24 bytes", "write_behind"),
    "kasan-stack": (r"stack out of bounds: write of 1 byte at 0x\w+, "
                    r"right behind the local variable local_object of 24 bytes", "write_behind"),
    "kasan-memcpy": (r"global out of bounds: read of 25 bytes at 0x\w+, "
                     r"right behind the variable kasan_object of 24 bytes", "provoke_kasan_memcpy"),
    "kasan-heap": (r"heap out of bounds: write of 1 byte at 0x\w+, "
                   r"right behind a block of 24 bytes", "write_behind"),
    "kasan-free": (r"use after free: write of 1 byte at 0x\w+, "
                   r"byte 24 of a freed block of 48 bytes", "write_behind"),
    "kasan-frame": (r"use of a free frame: write of 1 byte at 0x\w+, "
                    r"byte 24 of a frame of 4096 bytes", "write_behind"),
    "heap-double-free": (r"the block of 64 bytes at 0x\w+ was freed twice; "
                         r"allocated by provoke_heap_double_free", "provoke_heap_double_free"),
}


@pytest.fixture(name="build", scope="module")
def kasan_build():
    return checked_build.build(tree.BUILD / "kasan", "COLDSTART_KASAN")


@pytest.fixture(name="boot")
def booting(build, tmp_path):
    """A function that boots the KASAN build with a command line: (status, what it said)."""
    def boot(command_line):
        result = checked_build.boot(build, tmp_path, command_line, memory="32M", seconds=300)
        return result.returncode, result.stdout
    return boot


def test_the_checks_are_in_it(build):
    plain, checked = (len(CHECK.findall(disassembly(folder / "kernel.elf")))
                      for folder in (tree.BUILD, build))
    print(f"{checked} checked loads and stores")
    assert plain == 0 and checked > 3000


def test_it_boots_and_passes_every_self_test(boot):
    status, said = boot("selftest exit")
    assert "\n# " in said, said
    assert "not ok" not in said and status == QEMU_SUCCESS, said
    names = re.findall(r"^ok \d+ - (kasan\..*)$", said, re.MULTILINE)
    assert len(names) > 15 and not [name for name in names if "SKIP" in name]


@pytest.mark.parametrize("name", REPORTS)
def test_a_wrong_access_is_reported(boot, name):
    status, said = boot(f"provoke={name} panic=exit exit")
    words, function = REPORTS[name]
    assert status == QEMU_FAILURE, said
    report = re.search(rf"coldstart: panic: (?:KASAN|heap): {words}", said)
    assert report, said
    assert function in said[report.start():], said
    print(report.group(0))
