# SPDX-License-Identifier: MIT
"""Probe kernels of any size: a payload of sectors that are all different, which the probe verifies.

The layout and the pattern are those of tests/kernels/probe/check_image.c.
"""
import struct

from vmlib import paths
from vmlib.elf_edit import PT_LOAD, Elf

SECTOR = 512
SECTOR_WORDS = SECTOR // 8
PAYLOAD_MAGIC = 0x44414F4C59415043
PATTERN_FACTOR = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1
SEED = 0x436F6C6473746172

LOW, HIGH, DYNAMIC = "probe_low", "probe_high", "probe_dynamic"
KIB, MIB = 1024, 1024 * 1024


def payload(sectors, seed=SEED):
    """Sector 0 says how many there are; word 0 of each other one is seed + its number."""
    words, value = [], seed
    for _ in range(SECTOR_WORDS - 1):
        value = (value + PATTERN_FACTOR) & MASK
        words.append(value)
    rest = struct.pack(f"<{SECTOR_WORDS - 1}Q", *words)
    head = struct.pack("<QQQ", PAYLOAD_MAGIC, sectors, seed).ljust(SECTOR, b"\0")
    numbers = (((seed + sector) & MASK).to_bytes(8, "little") for sector in range(1, sectors))
    return head + b"".join(number + rest for number in numbers)


def probe(kind=LOW, file_bytes=None, debug_bytes=0):
    """A probe kernel whose file has exactly `file_bytes`, plus `debug_bytes` that nobody may read.

    The payload is the last segment of the file, so it grows without moving anything.
    """
    elf = Elf((paths.KERNELS / f"{kind}.elf").read_bytes()).without_sections()
    last = max(elf.find(PT_LOAD), key=lambda index: elf.segment_get(index, "offset"))
    start = elf.segment_get(last, "offset")
    sectors = 1 if file_bytes is None else (file_bytes - start) // SECTOR
    assert sectors >= 1, f"a probe kernel has at least {start + SECTOR} bytes"
    elf.data[start:] = payload(sectors)
    elf.segment_set(last, filesz=sectors * SECTOR, memsz=sectors * SECTOR)
    elf.data += b"\xDB" * debug_bytes
    return elf


def loaded_bytes(elf):
    return sum(elf.segment_get(index, "filesz") for index in elf.find(PT_LOAD))
