# SPDX-License-Identifier: MIT
"""Where a recording looks: every label of the assembly, every function of the C, and the two stretches
of code of which each instruction is a point. Each has the name and source line of the code it is.
"""
import pathlib
import subprocess

from see import steps
from see.source import Symbols

STAGE1_DATA = ("stage1_oem", "stage1_bpb", "stage1_parameters", "stage1_signature", "stage1_table",
               "stage1_free", "stage1_mark")
NO_CODE = ("header", "kernel_base", "kernel_text_first", "kernel_text_end")
BOOT_SECTOR = 0x7C00
PLACES = {"stage1": range(BOOT_SECTOR, 0x7E00), "stage2": range(0x8000, 0x18000),
          "kernel": range(0xFFFFFFFF80000000, 1 << 64)}
HANDOFF_BASE = 0xFFFFFF0000000000  # include/boot/boot_info.h; a copy of handoff_code lies there
HANDOFF_BYTES = 0x1000
STEPPED = ("stage2/mode.asm", "kernel/arch/x86_64/entry.asm")
# Where nothing new comes any more: the kernel waits for a key, or the loader does.
ENDS = {"input_poll": "the kernel's prompt waits for a line",
        "wait_for_key": "the loader has said what is wrong, and waits for a key",
        "stage1_error.halt": "stage 1 has said what is wrong"}


class Places:
    """The code of one boot, by linear address. Only of the `parts` that are those of the build folder
    are the names known."""

    def __init__(self, build, parts):
        self.parts = parts
        self.symbols = Symbols.of_build(build, parts=parts)
        self.labels = labels(pathlib.Path(build), parts)
        self.steps = {step.label: step for step in steps.steps()}
        self.labels.setdefault(BOOT_SECTOR, steps.find("STAGE1").label)

    def is_known(self, address):
        """Whether it lies in a part whose names are known."""
        return any(address in PLACES[part] for part in self.parts)

    def address(self, name):
        """Of a label, or None."""
        return next((address for address, label in self.labels.items() if label == name), None)

    def ends(self):
        """Addresses at which a recording ends."""
        return [address for address, label in self.labels.items() if label in ENDS]

    def data(self, name):
        """The address of any symbol, or None."""
        try:
            return self.symbols.address(name)
        except KeyError:
            return None

    def name(self, address):
        """"label", "label+5h", or "" in code that has no name."""
        found = self.symbols.symbol(address)
        if not found or self.line(address) is None and found[1] != address:
            return ""
        return self.symbols.name(address)

    def line(self, address):
        return self.symbols.line(address)

    def file(self, address):
        found = self.line(address)
        return found[0] if found else ""

    def kind(self, address):
        """Of the point at an address."""
        label = self.labels.get(address)
        if label in self.steps:
            return "step"
        if label is None:
            return "instruction"
        return "function" if self.file(address).endswith((".c", ".h")) else "label"

    def is_stepped(self, address):
        """Whether each instruction here is a point."""
        return in_handoff(address) or self.file(address) in STEPPED


def in_handoff(address):
    return HANDOFF_BASE <= address < HANDOFF_BASE + HANDOFF_BYTES


def labels(build, parts):
    """{address: label} of all code of these parts of a build, one label for each address."""
    found = {}
    if "stage1" in parts:
        found = {address: name for name, address in names(build / "stage1.sym")
                 if name not in STAGE1_DATA}
    if "stage2" in parts:
        found[HANDOFF_BASE] = "handoff_code"
    for stem in set(parts) - {"stage1"}:
        listed = subprocess.run(["llvm-nm", "--numeric-sort", "--defined-only",
                                 str(build / f"{stem}.elf")], capture_output=True, text=True,
                                check=True).stdout
        for line in listed.splitlines():
            address, kind, name = line.split(maxsplit=2)
            if kind in "tT" and name not in NO_CODE and not name.startswith(".."):
                found.setdefault(int(address, 16), name)
    return found


def names(path):
    for line in path.read_text().splitlines():
        address, name = line.split(maxsplit=1)
        yield name, int(address, 16)
