# SPDX-License-Identifier: MIT
"""Any image can be recorded: another kernel, one that fails, one that nobody knows."""
import json

import pytest

from see import match, recording
from vmlib import images, paths

ERROR = "the loader has said what is wrong, and waits for a key"
ENDED = "the machine ended by itself"
STILL = "nothing of its own runs any more"
STAGE2_A, STAGE2_B, SECTOR = 1, 1024, 512


def record(image, parts=None):
    found = recording.record(image, paths.BUILD, parts)
    json.dumps(found)
    assert found["points"][0]["address"] == "0x7c00" and found["points"][0]["kind"] == "step"
    assert all(one["index"] == index for index, one in enumerate(found["points"]))
    return found


def step_numbers(found):
    return list(dict.fromkeys(one["step"] for one in found["points"]))


def reads(found):
    return [read for one in found["points"] for read in one["disk"]]


def test_another_kernel():
    found = record(images.make("--kernel", paths.KERNELS / "probe_high.elf"))
    assert found["image"]["symbols"] == ["stage1", "stage2"]
    said = "".join(one["serial"] for one in found["points"]) + found["end"]["serial"]
    assert found["end"]["why"] == ENDED and "probe: ok" in said
    entry = next(one for one in found["points"] if one["label"] == "kernel_entry")
    assert entry["kind"] == "step" and entry["step"] == 16 and entry["file"] == ""
    behind = found["points"][entry["index"] + 1:]
    assert behind and all(one["kind"] == "instruction" for one in behind), "routines without a name"


def test_a_loader_error():
    found = record(images.changed(config="kernel = /boot/nothing.elf\n"))
    assert found["end"]["why"] == ERROR
    assert found["points"][-1]["label"] == "wait_for_key" and found["points"][-1]["mode"] == "real"
    assert step_numbers(found) == list(range(1, 12))
    said = "".join(one["serial"] for one in found["points"])
    assert "coldstart: error E34: " in said
    assert {port["port"] for one in found["points"] for port in one["io"]} >= {0x80}


def test_a_stage_1_error():
    image = images.copy(paths.IMAGE, images.fresh(".img"))
    images.poke(image, {(lba + 4) * SECTOR: b"damaged" for lba in (STAGE2_A, STAGE2_B)})
    found = record(image)
    assert found["image"]["symbols"] == ["stage1", "kernel"]
    assert found["end"]["why"] == STILL
    assert step_numbers(found) == [1]
    assert "EC00" in "".join(next(one["screen"] for one in found["points"][::-1] if "screen" in one))
    assert {read["area"] for read in reads(found)} == {"stage2-a", "stage2-b"}
    assert {read["who"]["file"] for read in reads(found)} == {"stage1/mbr.asm"}


def test_an_unknown_image():
    image = images.make("--kernel", paths.KERNELS / "tiny.elf")
    found = record(image, ())
    assert found["image"]["symbols"] == [] and found["sources"] == {}
    assert found["end"]["why"] == ENDED
    assert len(found["points"]) > 50 and found["points"][-1]["mode"] == "long"
    assert {read["area"] for read in reads(found)} >= {"stage2-a", "/boot/kernel.elf"}
    modes = {one["mode"] for one in found["points"]}
    assert modes >= {"real", "long"}


def test_no_boot_sector_is_told_in_words():
    image = images.copy(paths.IMAGE, images.fresh(".img"))
    images.poke(image, {510: b"\0\0"})
    with pytest.raises(ValueError, match="55 AA"):
        recording.record(image, paths.BUILD)


def test_parts_are_known_by_their_bytes():
    assert match.parts(paths.IMAGE, paths.BUILD) == ("stage1", "stage2", "kernel")
    other = images.make("--kernel", paths.KERNELS / "tiny.elf")
    assert match.parts(other, paths.BUILD) == ("stage1", "stage2")
    images.poke(other, {STAGE2_A * SECTOR + 4000: b"\x90\x90\x90\x90\x90\x90\x90"})
    assert match.parts(other, paths.BUILD) == ("stage1",)
