#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The rules know mistakes, not images: our own loader, changed in one place and built, gets the right
diagnosis and the line, though no rule was written for it.
"""
import pathlib
import shutil
import subprocess

import pytest

from see.explain import engine
from vmlib import paths

PARTS = ["stage1", "stage2", "kernel", "include", "tools", "disk", "tests", "docs"]
MUTANTS = [
    ("gdt-limit-short", "stage2/descriptors.asm", "dw gdt_end - gdt - 1", "dw 3 * 8 - 1", "stage2/mode.asm"),
    ("gdt-pointer-wrong", "stage2/descriptors.asm", "                dd gdt\n", "                dd gdt - 0x8000\n",
     "stage2/mode.asm"),
    ("gdt-code-not-executable", "stage2/descriptors.asm", "dq DESCRIPTOR_CODE32", "dq DESCRIPTOR_DATA",
     "stage2/mode.asm"),
    ("no-far-jump", "stage2/mode.asm", "jmp     SELECTOR_CODE32:protected_mode", "jmp     protected_mode",
     "stage2/mode.asm"),
    ("pae-off", "stage2/mode.asm", "CR4_PAE | CR4_OSFXSR ", "CR4_OSFXSR ", "stage2/mode.asm"),
    ("lme-off", "stage2/mode.asm", "        or      eax, EFER_LME\n", "", "stage2/mode.asm"),
    ("cr3-not-loaded", "stage2/mode.asm", "        mov     cr3, eax\n", "", "stage2/mode.asm"),
    ("code-not-mapped", "stage2/identity.asm", "mov     dword [es:0], LOW_PAGE", "mov     dword [es:8], LOW_PAGE",
     "stage2/identity.asm"),
    ("code64-l-bit", "stage2/descriptors.asm", "dq DESCRIPTOR_CODE64", "dq DESCRIPTOR_CODE32", "stage2/mode.asm"),
    ("huge-page-bit-missing", "stage2/identity.asm", "mov     eax, LARGE_BITS\n", "mov     eax, TABLE_BITS\n",
     "stage2/identity.asm"),
]


def run(*words):
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the sources with a build folder of its own."""
    root = tmp_path_factory.mktemp("tree")
    for part in PARTS:
        shutil.copytree(paths.SOURCE / part, root / part, symlinks=True)
    for file in ("CMakeLists.txt", "README.md"):
        shutil.copy(paths.SOURCE / file, root / file)
    run("cmake", "-S", root, "-B", root / "build", "-G", "Ninja", "-DCMAKE_C_COMPILER=clang")
    return root


@pytest.mark.parametrize("name, file, right, wrong, told", MUTANTS, ids=[mutant[0] for mutant in MUTANTS])
def test_mutant(tree, name, file, right, wrong, told):
    path = pathlib.Path(tree) / file
    text = path.read_text()
    assert text.count(right) == 1, f"{right!r} is not once in {file}"
    path.write_text(text.replace(right, wrong))
    try:
        run("cmake", "--build", tree / "build", "--target", "boot")
    finally:
        path.write_text(text)
    e, findings = engine.examine(tree / "build/coldstart.img")
    assert [one.id for one in findings[:1]] == [name]
    assert e.where.line(findings[0].at).startswith(told + ":")
