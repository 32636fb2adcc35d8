#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Kept firmware records, replayed: the loader finds the same answers again, whatever the emulator's
own BIOS would have said, and the kernel is ready.
"""
import re

import pytest

from vmlib import boots, images, replay

RECORDS = sorted(replay.RECORDS.glob("*.txt"))
A20_WORDS = {1: "was on already", 2: "opened by the BIOS", 3: "opened by port 92h"}


@pytest.fixture(scope="module")
def exiting():
    return images.changed(config=images.config("exit"))


def lines(text):
    """[(name, {key: value})] of a record."""
    found = []
    for line in text.splitlines():
        name, *words = line.split()
        found.append((name, dict(word.split("=") for word in words if "=" in word)))
    return found


def number(fields, key):
    return int(fields[key], 16)


def e820_rows(record):
    for at, fields in enumerate(row for name, row in record if name == "int15-e820"):
        yield (rf"(?m)^ *{at}  {number(fields, 'base'):016x} {number(fields, 'length'):016x} +"
               rf"{number(fields, 'type')} .*{number(fields, 'ecx')} +{number(fields, 'attr'):x} "
               rf"{number(fields, 'ebx'):08x} +{number(fields, 'flags') & 1}$")


def firmware_rows(record):
    """What the kernel's tables show of the other answers."""
    one = dict(record)
    e801 = one["int15-e801"]
    yield (rf"E801h     AX {number(e801, 'ax'):04X}h  BX {number(e801, 'bx'):04X}h  "
           rf"CX {number(e801, 'cx'):04X}h  DX {number(e801, 'dx'):04X}h")
    yield rf"88h       {number(one['int15-88'], 'ax')} KiB above 1 MiB"
    yield (rf"INT 12h   {number(one['int12'], 'ax')} KiB; the EBDA is at "
           rf"{number(one['ebda'], 'segment'):04X}h")
    yield rf"A20       {A20_WORDS[number(one['a20'], 'method')]}"
    yield rf"drive     {number(one['disk'], 'drive'):02X}h, "
    if one["disk"]["by"] == "chs":
        yield "no EDD: read by cylinder, head and sector"
    else:
        check = one["int13-41"]
        yield (rf"EDD version {number(check, 'ax') >> 8:02X}h, interface bits "
               rf"{number(check, 'cx'):04X}h")


@pytest.mark.parametrize("emulator", replay.EMULATORS)
@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_same_answers(exiting, record, emulator):
    try:
        with replay.EMULATORS[emulator](exiting, record) as vm:
            vm.wait_for(boots.READY)
            vm.wait_exit()
    except replay.Refused as refusal:
        assert emulator == "bochs" and replay.NO_ROOM in str(refusal), refusal
        pytest.skip(str(refusal))
    kept = lines(record.read_text())
    for pattern in [*e820_rows(kept), *firmware_rows(kept)]:
        assert re.search(pattern, vm.serial), f"not found: {pattern}\n{vm.serial}"
