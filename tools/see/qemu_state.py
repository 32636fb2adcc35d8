# SPDX-License-Identifier: MIT
"""A see.expect.State of what QEMU's monitor prints for `info registers`."""
from see import expect
from see.cpu_state import Cpu


def from_text(text, read):
    """A see.expect.State of what `info registers` prints."""
    cpu = Cpu.of(text)
    ldtr = cpu.segments.pop("ldtr")
    registers = {**cpu.registers, "tr": cpu.segments["tr"].selector, "ldtr": ldtr.selector}
    return expect.State(registers, cpu.segments, cpu.a20, read)
