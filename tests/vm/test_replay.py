#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Kept firmware records, replayed: the kernel is ready, and the record of that boot has the same
answers, whatever the emulator's own BIOS would have said.
"""
import re
import subprocess

import pytest

from vmlib import boots, images, record, replay

GUARD_S = 60  # a boot takes one or two seconds
RECORDS = sorted(replay.RECORDS.glob("*.txt"))
OWN_OF_A_BOOT = {"record", "step"}  # build ids and times
OWN_OF_A_DISK = {"reads", "retries", "stage1-retries"}
A20_PORT_92, A20_KEYBOARD = 3, 4


@pytest.fixture(scope="module")
def recording():
    return images.changed(config=images.config("record exit"))


def answers(log):
    """What the firmware said: the record without what every boot has for itself."""
    return [(name, {key: value for key, value in fields.items() if key not in OWN_OF_A_DISK})
            for name, fields in record.parse(log) if name not in OWN_OF_A_BOOT]


def expected(log):
    """The answers that a replay of this log gives: an emulator's port 92h always works."""
    keyboard, port = ({"method": method} for method in (A20_KEYBOARD, A20_PORT_92))
    return [(name, port if name == "a20" and fields == keyboard else fields)
            for name, fields in answers(log)]


def replayed(image, path, emulator):
    """The answers of a replayed boot."""
    with replay.EMULATORS[emulator](image, path, guard=GUARD_S) as vm:
        vm.wait_for(boots.READY)
        vm.wait_exit()
    return answers(vm.serial.replace("\r", ""))


@pytest.mark.parametrize("emulator", replay.EMULATORS)
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_same_answers(recording, path, emulator):
    try:
        found = replayed(recording, path, emulator)
    except replay.Refused as refusal:
        assert emulator == "bochs" and replay.NO_ROOM in str(refusal), refusal
        pytest.skip(str(refusal))
    assert found == expected(path.read_text())


def test_both_kept_firmwares_are_there():
    assert {"seabios", "bochs"} <= {path.stem for path in RECORDS}


def test_a_whole_log_will_do(recording, tmp_path):
    """As a user sends it: what came before and after, CR at the lines' ends, blanks behind."""
    kept = (replay.RECORDS / "bochs.txt").read_text()
    path = tmp_path / "serial.log"
    text = f"SeaBIOS\n> record\n{kept}\ncoldstart: kernel ready\n> \n"
    path.write_bytes(text.replace("\n", "  \r\n").encode())
    assert replayed(recording, path, "qemu") == answers(kept)


@pytest.mark.parametrize("old, new, complaint", [
    (r"^record 1", "record 2", r":1: a record of another version"),
    (r"^record 1", "rekord 1", r": no record in it"),
    (r"^int12 ax", "int12 bx", r":\d+: this line has no such key: 'bx=27f'"),
    (r"^int12 ", "int11 ", r":\d+: no line of a record starts so: 'int11'"),
    (r"^int12 ax=27f", "int12 ax=27F", r":\d+: not a number that fits: .*: 'ax=27F'"),
    (r"^int12 ax=27f", "int12 ax=27e", r":\d+: the lines do not add up"),
    (r"^end .*\n", "", r":1: the record is cut off"),
])
def test_refused(tmp_path, old, new, complaint):
    """Line, reason and word; no ROM, and no other file beside it."""
    kept = (replay.RECORDS / "seabios.txt").read_text()
    path = tmp_path / "bad.txt"
    path.write_text(re.sub(f"(?m){old}", new, kept))
    with pytest.raises(replay.Refused, match=re.escape(str(path)) + complaint):
        replay.rom(path, "qemu")


def test_a_rom_is_written_whole_or_not_at_all(tmp_path):
    words = replay.command(replay.RECORDS / "seabios.txt", "qemu", tmp_path / "no-such" / "a.rom")
    result = subprocess.run(words, text=True, capture_output=True, check=False)
    assert result.returncode == 1 and "No such file" in result.stderr
    words = replay.command(replay.RECORDS / "seabios.txt", "qemu", tmp_path / "a.rom")
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["a.rom"]
