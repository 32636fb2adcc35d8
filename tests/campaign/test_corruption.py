#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A few flipped bits in each part of the disk; and the judge, who must not be easy to please."""
import pytest

import campaign
import corruption
import places
from vmlib.outcome import Outcome

# part of the disk: how many flips
SAMPLES = {"stage 1": 10, "mbr": 12, "stage 2": 12, "fat boot sector": 16, "fat,": 16, "folder": 16,
           "config": 16, "/boot": 16, "slack": 3}
ERROR = "coldstart: error {}: sentence, {}"


@pytest.mark.parametrize("part", SAMPLES)
def test_flips(part):
    campaign.assert_good(corruption, sample=SAMPLES[part], only=f"^{part}")


def test_all_parts_have_their_turn():
    parts = {case.part for case in corruption.cases()}
    left_out = [part for part in parts if not part.startswith(tuple(SAMPLES))]
    assert parts and not left_out


def case_of(part):
    return next(case for case in corruption.cases() if case.part.startswith(part))


@pytest.mark.parametrize("part, end, line", [
    ("/boot/kernel.elf", "ready", ""),
    ("/boot/kernel.elf", "wrong bytes: segment 0", ""),
    ("/boot/kernel.elf", "E50", ERROR.format("E50", "/boot/kernel.elf, coldstart.cfg line 13")),
    ("/boot/kernel.elf", "E60", ERROR.format("E60", "/boot/data.bin is 1, coldstart.cfg line 17")),
    ("stage 1 code", "ready", ""),
    ("stage 2 copy A", "ready", ""),
    ("stage 2 copy B", "copy B", ""),
    ("mbr bpb", "hang", ""),
    ("fat boot sector", "E34", ERROR.format("E34", "/coldstart.cfg")),
    ("fat, not used", "reset", ""),
])
def test_a_wrong_end_is_seen(part, end, line):
    found = Outcome("error" if line else "ready", line)
    assert not corruption.judged(case_of(part), found, end).good


def test_wrong_bytes_are_seen():
    """Memory that holds all of it is good, one bit less is not; and the windows do not count."""
    files = corruption.disk().volume.files
    start = bytes(corruption.LOADED_FROM)
    assert not corruption.missing_in(start + files[places.KERNEL] + files[places.MODULE], files)
    spoiled = bytearray(files[places.MODULE])
    spoiled[-1] ^= 1
    assert corruption.missing_in(start + files[places.KERNEL] + spoiled, files) == ["the module"]
    absent = corruption.missing_in(files[places.KERNEL] + files[places.MODULE] + start, files)
    assert len(absent) == 4


def test_what_a_config_means():
    good = b"# text\nkernel = /k # c\ncmdline = a # b\ncrc32c = /k 0a\n"
    assert places.meaning(good) == [(b"kernel", b"/k"), (b"cmdline", b"a # b"), (b"crc32c", b"/k 0a")]
    assert places.meaning(good.replace(b"text", b"tuxt")) == places.meaning(good)
    assert places.meaning(good.replace(b"0a", b"0A")) == places.meaning(good)
    assert places.meaning(good.replace(b"crc32c", b"#rc32c")) != places.meaning(good)
