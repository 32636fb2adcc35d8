# SPDX-License-Identifier: MIT
"""Addresses of the boot steps: include/boot/steps.h names the labels, the symbol maps the places."""
import functools
import re

from vmlib import paths

LOW_STAGE2 = 0x8000  # include/boot/low_memory.h
CONSTANT = re.compile(r"(?m)^%define ([\w.]+) (0x[0-9a-f]+)$")
STEP = re.compile(r'X\((\d+), (\w+), (\w+),')


def steps():
    """[(number, name, label)] of every boot step."""
    found = STEP.findall((paths.SOURCE / "include/boot/steps.h").read_text())
    return [(int(number), name, label) for number, name, label in found]


def table(path):
    """A symbol map, lines `hexaddress name`, as {name: address}."""
    pairs = (line.split() for line in path.read_text().splitlines())
    return {pair[-1]: int(pair[0], 16) for pair in pairs if len(pair) >= 2}


@functools.lru_cache(maxsize=None)
def constants():
    """The constants, sizes and offsets that NASM gets, {name: value}: include/constants.c."""
    text = (paths.BUILD / "generated/constants.inc").read_text()
    return {name: int(value, 16) for name, value in CONSTANT.findall(text)}


def step_marks():
    """[(label, address)] of the steps that stage 2 has, in order, for vmlib.count."""
    symbols = table(paths.BUILD / "stage2.sym")
    return [(label, symbols[label]) for _, _, label in steps() if label in symbols]
