# SPDX-License-Identifier: MIT
"""The floor image: an image whose boot sector only reads given sectors, 127 a call.

The offsets are those of tests/kernels/floor.asm.
"""
import struct

from vmlib import images, paths

LOAD_ADDRESS = 0x7C00
DONE_OFFSET = 0x100
RUNS_OFFSET = 0x110
RUNS_MAX = (0x1FE - RUNS_OFFSET) // 8 - 1
DONE = LOAD_ADDRESS + DONE_OFFSET


def make(image, runs, out):
    """Copy `image` to `out` with the floor's boot sector; `runs` are (first LBA, sectors)."""
    assert len(runs) <= RUNS_MAX, "too many runs for one sector"
    sector = bytearray((paths.KERNELS / "floor.bin").read_bytes())
    for index, run in enumerate([*runs, (0, 0)]):
        struct.pack_into("<II", sector, RUNS_OFFSET + index * 8, *run)
    images.copy(image, out)
    with open(out, "r+b") as file:
        file.write(sector)
    return out
