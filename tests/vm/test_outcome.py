#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each end of a boot is told from every other: on boots whose end is known beforehand."""
import pytest

from vmlib import images, outcome, paths

CODE = 0x5A  # stage 1's first instruction behind its BPB
BOTH_COPIES_BAD = {copy * 512 + 1000: b"\xFF\x00\xA5" for copy in (1, 1024)}
JUMP_TO_ITSELF = b"\xEB\xFE"
TRIPLE_FAULT = b"\x0F\x01\x1E\x00\x7E\xCC"  # lidt [7E00h], where zeros are; int3

# name: (what is changed in the image, the end)
ENDS = {
    "bad-copies": ({"patch": BOTH_COPIES_BAD}, "stage1 EC00"),
    "bad-config": ({"config": "nonsense\n"}, "error coldstart: error E40: not a `key = value` "
                   "line, /coldstart.cfg line 1: nonsense"),
    "endless-loop": ({"patch": {CODE: JUMP_TO_ITSELF}}, "hang"),
    "triple-fault": ({"patch": {CODE: TRIPLE_FAULT}}, "reset"),
    "kernel-panics": ({"config": images.config("provoke=panic panic=exit")}, "failed"),
}


@pytest.mark.parametrize("emulator", [outcome.of, outcome.of_bochs])
def test_shipped_image_passes_its_self_tests(emulator):
    found = emulator(paths.IMAGE, selftest=True)
    assert str(found) == "ready"
    assert " tests, 0 failed" in found.serial


@pytest.mark.parametrize("case", ENDS)
def test_end(case):
    changes, end = ENDS[case]
    found = outcome.of(images.changed(**changes), limit=300_000_000)
    assert str(found).startswith(end), f"{found}\n{found.serial[-1000:]}"


@pytest.mark.parametrize("case", ["bad-copies", "bad-config", "endless-loop"])
def test_end_in_bochs(case):
    changes, end = ENDS[case]
    found = outcome.of_bochs(images.changed(**changes))
    assert str(found).startswith(end), f"{found}\n{found.serial[-1000:]}"


def test_no_signature_is_the_bios_s_business():
    assert outcome.of(images.changed(patch={510: b"\0"})).kind == "no boot"


def test_codes():
    assert outcome.Outcome("stage1", "ED0C").code == "ED0C"
    assert outcome.Outcome("error", "coldstart: error E5A: the entry point").code == "E5A"
    assert outcome.Outcome("ready").code == ""
