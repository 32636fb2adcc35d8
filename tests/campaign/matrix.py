#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Machines, disks, CPUs and memories: each row of matrix.txt is a machine, and how the shipped image
must end there. `ready` means that the kernel's self-tests were asked for at its console, and passed.
"""
import pathlib
import re
import sys
import typing

import campaign
import shapes
from vmlib import bochs, errors, outcome

TITLE = "every machine of matrix.txt"
FILE = pathlib.Path(__file__).with_name("matrix.txt")
FLOPPY_FACTOR = 4  # Bochs's drive turns in real time
UNITS = {"M": 1, "G": 1024, "T": 1024 * 1024}
BOCHS_MACHINES = {"i440fx": "", "i430fx": "pci: enabled=1, chipset=i430fx\n",
                  "isapc": "pci: enabled=0\n"}
CODES = {f"E{code:02X}": name for name, (code, _) in errors.STATUS.items()}


class Row(typing.NamedTuple):
    """One machine; `memory` and `disk` as words, `options` as {name: value}."""
    name: str
    emulator: str
    machine: str
    cpu: str
    memory: str
    disk: str
    options: dict
    end: str

    def __str__(self):
        return f"{self.emulator}/{self.name}"

    @property
    def memory_mib(self):
        return int(int(self.memory[:-1]) * UNITS[self.memory[-1]])


def row_of(line):
    """Columns stand two or more spaces apart, options one; `-` is none."""
    *columns, options, end = re.split(r"\s{2,}", line)
    words = [] if options == "-" else options.split()
    return Row(*columns, dict(word.split("=", 1) for word in words), end)


def cases():
    lines = [line.strip() for line in FILE.read_text().splitlines()]
    return [row_of(line) for line in lines if line and not line.startswith("#")]


def qemu_options(row):
    """What Qemu() is told of a row; each option must be known, and is used up."""
    left = dict(row.options)
    image, image_format = shapes.image(left.pop("image", "shipped"))
    extra = ["-smp", left.pop("smp", "1")]
    if "bios" in left:
        extra += ["-bios", left.pop("bios")]
    if "decoy" in left:
        extra += shapes.qemu_decoy(left.pop("decoy"))
    found = {
        "machine": row.machine, "cpu": row.cpu, "memory": row.memory_mib, "disk": row.disk,
        "image_format": image_format, "vga": left.pop("vga", "std"),
        "serial": left.pop("serial", "on") == "on", "debugcon": left.pop("e9", "on") == "on",
        "bootindex": int(left.pop("bootindex", "0")), "extra": extra}
    assert not left, f"{row}: unknown options {left}"
    return image, found


def bochs_options(row):
    left = dict(row.options)
    image, _ = shapes.image(left.pop("image", "shipped"))
    extra = BOCHS_MACHINES[row.machine]
    if left.pop("e9", "on") == "off":
        extra += "port_e9_hack: enabled=0\n"
    second = shapes.bochs_decoy(left.pop("decoy")) if "decoy" in left else None
    found = {
        "limit": outcome.BOCHS_WATCHDOG * (FLOPPY_FACTOR if "floppy" in row.disk else 1),
        "second": second, "cpu": row.cpu, "memory": row.memory_mib, "disk": row.disk,
        "bios": left.pop("bios", bochs.BIOS), "serial": left.pop("serial", "on") == "on",
        "extra": extra}
    assert not left, f"{row}: unknown options {left}"
    return image, found


def boot(row):
    """The row's machine, followed to its end."""
    selftest = row.options.get("image") != "exit"
    if row.emulator == "qemu":
        image, options = qemu_options(row)
        return outcome.of(image, selftest=selftest, **options)
    image, options = bochs_options(row)
    return outcome.of_bochs(image, selftest=selftest, **options)


def end_of(found):
    """An Outcome as matrix.txt has it; a loader's error only if its line is as errors.py has it."""
    if found.kind == "error" and not re.fullmatch(errors.pattern(CODES[found.code]), found.says):
        return f"wrong message: {found.says}"
    return found.code or found.kind.replace(" ", "-")


def attempt(row):
    found = boot(row)
    end = end_of(found)
    text = f"expected {row.end}: {found}\n{found.screen}\n{found.serial[-1500:]}"
    return campaign.Verdict(end == row.end, end, text)


if __name__ == "__main__":
    sys.exit(campaign.run(sys.modules[__name__]))
