# SPDX-License-Identifier: MIT
"""Disks for tests: plain files, loop devices over them, and coldstart-write run on either."""
import dataclasses
import functools
import hashlib
import json
import os
import pathlib
import pty
import re
import subprocess
import threading

import pytest

from vmlib import images, paths

PROGRAM = paths.BUILD / "tools" / "disk" / "coldstart-write"
FAULTS = paths.BUILD / "tests" / "disk" / "faults.so"
MIB = 1 << 20
SECTOR = 512
PROMPT = "writes nothing: "
GUARD_S = 60
TABLE = "label: dos\nlabel-id: 0x5eed0001\nstart=2048, size=8192, type=c, bootable\ntype=83\n"


@functools.lru_cache(maxsize=None)
def image():
    """A small image with our kernel."""
    return images.base(size="16M")


@functools.lru_cache(maxsize=None)
def old_bytes(size):
    """What was on a disk before: no sector like another, none empty, none an image's."""
    return b"".join(b"old sector %012d " % lba * 21 + bytes([1] * 8)
                    for lba in range(size // SECTOR))


def disk_file(folder, size=20 * MIB, table=None, name="disk.img"):
    """A file with old bytes, and with a partition table if one is given (as sfdisk takes it)."""
    path = pathlib.Path(folder) / name
    path.write_bytes(old_bytes(size))
    if table:
        partition(path, table)
    return path


def command_line(*words):
    """Another program, which must do its work."""
    done = subprocess.run(words, text=True, capture_output=True)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def partition(path, table):
    subprocess.run(["sfdisk", "--quiet", "--wipe=always", str(path)], input=table, text=True,
                   check=True, capture_output=True)


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


@dataclasses.dataclass
class Result:
    status: int
    out: str
    err: str = ""

    def events(self, name=None):
        """The objects that --json printed; those of one event."""
        found = [json.loads(line) for line in self.out.splitlines()]
        return [one for one in found if name in (None, one.get("event"))]


def environment(fault=None, on=None, journal=None, search=None, only=None):
    """The program's, with one call to fail on the disk `on`; `search` is a folder before PATH's,
    `only` one in its place."""
    words = dict(os.environ)
    words["LC_ALL"] = "C.UTF-8"
    if fault or journal:
        words.update(LD_PRELOAD=str(FAULTS), COLDSTART_FAULT_PATH=str(on))
    if fault:
        words["COLDSTART_FAULT"] = fault
    if journal:
        words["COLDSTART_FAULT_JOURNAL"] = str(journal)
    if search:
        words["PATH"] = f"{search}:{words['PATH']}"
    if only:
        words["PATH"] = str(only)
    return words


def run(*words, user=None, **faults):
    """coldstart-write, with nobody at a terminal."""
    done = subprocess.run([str(PROGRAM), *map(str, words)], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, timeout=GUARD_S, env=environment(**faults), user=user)
    return Result(done.returncode, done.stdout, done.stderr)


def typed(answer, *words, signal=None):
    """coldstart-write at a terminal; the answer, or a signal, comes once it asks."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([str(PROGRAM), *map(str, words)], stdin=theirs, stdout=theirs,
                               stderr=theirs, env=environment())
    os.close(theirs)
    shown, answered = "", False
    guard = threading.Timer(GUARD_S, process.kill)
    guard.start()
    try:
        while piece := read_piece(ours):
            shown += piece
            if shown.endswith(PROMPT) and not answered:
                answered = True
                process.send_signal(signal) if signal else os.write(ours, answer.encode() + b"\n")
        return Result(process.wait(), shown.replace("\r\n", "\n"))
    finally:
        guard.cancel()
        process.kill()
        process.wait()
        os.close(ours)


def read_piece(terminal):
    """What the terminal shows next; "" when its program is gone."""
    try:
        return os.read(terminal, 65536).decode("utf-8", "replace")
    except OSError:
        return ""


def lsblk_says(folder, lines):
    """A folder for `search` whose lsblk tells these lines: what this machine has not got is told
    where coldstart-write hears of it. Each line is a dict of lsblk's columns."""
    usual = {"PKNAME": "", "TYPE": "disk", "RO": "0", "RM": "0", "LOG-SEC": "512", "MODEL": "",
             "SERIAL": "", "TRAN": "", "FSTYPE": "", "LABEL": "", "MOUNTPOINTS": ""}
    text = ""
    for line in lines:
        line = {**usual, "PATH": f"/dev/{line['KNAME']}", **line}
        text += " ".join(f'{key}="{value}"' for key, value in line.items()) + "\n"
    return command(folder, "lsblk", f"cat <<'END'\n{text}END")


def command(folder, name, script):
    """A shell script as a command in the folder; returns the folder."""
    path = pathlib.Path(folder) / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return folder


def number(device):
    """major:minor"""
    rdev = os.stat(device).st_rdev
    return f"{os.major(rdev)}:{os.minor(rdev)}"


class Loops:
    """Loop devices of one test."""

    def __init__(self):
        self.devices, self.mounts = [], []
        if os.geteuid() != 0:
            pytest.skip("loop devices need root")

    def attach(self, path, *options):
        """The loop device of a file, its partitions known to the kernel."""
        made = subprocess.run(["losetup", "--find", "--show", *options, str(path)], text=True,
                              capture_output=True)
        if made.returncode != 0:
            pytest.skip(f"no loop devices here: {made.stderr.strip()}")
        device = made.stdout.strip()
        self.devices.append(device)
        # Not every kernel reads partition tables; partx tells it. No table: nothing to tell.
        subprocess.run(["partx", "--update", device], capture_output=True)
        return device

    def mount(self, device, folder):
        folder.mkdir()
        done = subprocess.run(["mount", device, str(folder)], text=True, capture_output=True)
        if done.returncode != 0:
            pytest.skip(f"mounting is not possible here: {done.stderr.strip()}")
        self.mounts.append(folder)
        return folder

    def detach_all(self):
        for folder in reversed(self.mounts):
            subprocess.run(["umount", str(folder)])
        for device in self.devices:
            subprocess.run(["partx", "--delete", device], capture_output=True)
            subprocess.run(["losetup", "--detach", device])


def need_partitions(device):
    """The device's first partition, or a skip where the kernel makes none of loop devices."""
    first = pathlib.Path(f"{device}p1")
    if not first.is_block_device():
        pytest.skip(f"no partitions on loop devices here: {first}")
    return str(first)


def sentence(result, pattern):
    """A refusal: status 1, this sentence in one line, nothing else on standard error."""
    assert result.status == 1, result
    lines = result.err.strip().splitlines()
    assert len(lines) == 1 and re.search(pattern, lines[0]), result.err
    return lines[0]
