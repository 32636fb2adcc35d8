#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each patch is one mistake: one place in one file, and where mistakes.txt says; what is built has symbols."""
import subprocess

import pytest

import machines
import mistakes
from vmlib import paths, symbols

ALL = mistakes.listed()
LONGEST = 6  # lines that one mistake adds and takes away


@pytest.mark.parametrize("mistake", ALL, ids=lambda one: one.name)
def test_a_patch_is_one_mistake(mistake):
    _, found = mistakes.hunks(mistake.patch)
    assert len(found) == 1
    changed = [line for line in found[0][1] if line.startswith(("+", "-"))]
    assert 0 < len(changed) <= LONGEST, changed


@pytest.mark.parametrize("mistake", ALL, ids=lambda one: one.name)
def test_the_fault_is_where_the_row_says(mistake):
    assert mistake.at == mistakes.fault_line(mistake.patch)


@pytest.mark.parametrize("mistake", ALL, ids=lambda one: one.name)
def test_only_the_mistake_differs(mistake):
    """The sources beside the image are the right ones with this patch."""
    file, _ = mistakes.hunks(mistake.patch)
    built = paths.BUILD / "mistakes" / mistake.name
    differing = [path.name for path in sorted((mistakes.FOLDER / "right").iterdir())
                 if path.read_bytes() != (built / path.name).read_bytes()]
    assert differing == [file]


def test_every_patch_has_a_row_and_every_machine_is_known():
    assert sorted(one.patch for one in ALL) == sorted(mistakes.FOLDER.glob("*.patch"))
    assert {machine for one in ALL for machine in one.sees} <= set(machines.MACHINES)


def test_there_are_symbols_for_every_line():
    built = paths.BUILD / "mistakes" / "right"
    labels = symbols.table(built / "boot.sym")
    assert labels["start"] > 0x7C00 and labels["long_mode"] < 0x7E00
    assert "mov     cr3, eax" in (built / "boot.lst").read_text()
    for name, file in (("kernel_main", "main.c"), ("interrupts_start", "interrupts.c"), ("entry", "entry.asm")):
        result = subprocess.run(["llvm-symbolizer", f"--obj={built / 'kernel.elf'}", f"{address(built, name):#x}"],
                                capture_output=True, text=True, check=True)
        assert file in result.stdout


def address(built, name):
    result = subprocess.run(["llvm-nm", built / "kernel.elf"], capture_output=True, text=True, check=True)
    return next(int(line.split()[0], 16) for line in result.stdout.splitlines() if line.split()[-1] == name)


def test_a_wrong_row_is_refused():
    with pytest.raises(ValueError):
        mistakes.Sees.of("explodes")
    assert mistakes.Sees.of('hang after "kernel" with "boot"').screen == "boot"
