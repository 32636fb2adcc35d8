#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The 512 bytes of stage 1: sizes, fixed places, and what may not lie where."""
import re
import struct

from vmlib import paths

import disks

CODE_MOST = 440
BPB, CODE = 0x0B, 0x5A
PARAMETERS, SIGNATURE, TABLE, MARK = 0x1B2, 0x1B8, 0x1BE, 0x1FE
RAW = paths.BUILD / "stage1.raw"


def template():
    """What the BPB area holds on the disk: four sane numbers, and zeros."""
    block = bytearray(CODE - BPB)
    struct.pack_into("<H", block, 0x0B - BPB, 512)  # bytes per sector
    block[0x15 - BPB] = 0xF8  # a hard disk
    struct.pack_into("<HH", block, 0x18 - BPB, 63, 255)  # sectors per track, heads
    return bytes(block)


def labels():
    """{label: offset in the sector}, local labels too."""
    lines = (paths.BUILD / "stage1.map").read_text().splitlines()
    rows = [line.split() for line in lines]
    return {row[2]: int(row[1], 16) - 0x7C00 for row in rows
            if len(row) == 3 and re.fullmatch(r"7[CD][0-9A-F]{2}", row[1])}


def sealed():
    return [path for path in (paths.STAGE1, disks.PRODUCTS / "stage1_128.bin") if path.exists()]


def test_size():
    places = labels()
    code = places["stage1_free"] - CODE
    free = places["stage1_parameters"] - places["stage1_free"]
    print(f"stage 1: {code} bytes of code, {free} bytes free, {CODE_MOST} bytes in all")
    assert len(RAW.read_bytes()) == 512
    assert code + free + CODE + 6 == CODE_MOST
    assert places["stage1_parameters"] == PARAMETERS


def test_first_and_last_bytes():
    sector = RAW.read_bytes()
    assert sector[0] == 0xEB and sector[2] == 0x90
    assert sector[1] + 2 == CODE, "the first jump goes to the first byte behind the BPB"
    assert sector[MARK:] == b"\x55\xAA"
    assert re.fullmatch(rb"[A-Z0-9 ]{8}", sector[3:BPB])


def test_nothing_of_ours_where_a_bios_may_write():
    assert RAW.read_bytes()[BPB:CODE] == template()
    inside = {name for name, offset in labels().items() if BPB <= offset < CODE}
    assert inside == {"stage1_bpb"}
    for path in sealed():
        assert path.read_bytes()[BPB:CODE] == template(), path.name


def test_nothing_where_the_disk_keeps_its_own():
    for path in [RAW, *sealed()]:
        assert path.read_bytes()[SIGNATURE:MARK] == bytes(MARK - SIGNATURE), path.name


def test_sealing_changes_the_parameters_only():
    raw = RAW.read_bytes()
    for path in sealed():
        sector = path.read_bytes()
        assert sector[:PARAMETERS] == raw[:PARAMETERS]
        assert sector[SIGNATURE:] == raw[SIGNATURE:]
    sector = (disks.PRODUCTS / "stage1_65.bin").read_bytes()
    assert struct.unpack_from("<HHH", sector, PARAMETERS) == (disks.COPY_A, disks.COPY_B, 65)


def test_image_carries_the_same_stage_1():
    if paths.IMAGE.exists():
        assert paths.IMAGE.open("rb").read(CODE_MOST) == paths.STAGE1.read_bytes()[:CODE_MOST]


def test_debuggers_find_its_labels():
    symbols = dict(reversed(line.split()) for line in
                   (paths.BUILD / "stage1.sym").read_text().splitlines())
    assert int(symbols["stage1_start"], 16) == 0x7C00
    assert int(symbols["stage1_entry"], 16) == 0x7C5A
