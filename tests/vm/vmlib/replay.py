# SPDX-License-Identifier: MIT
"""Machines whose BIOS answers as a recorded one did: tools/replay's ROM, and the machine that has
the recorded memory.
"""
import contextlib
import subprocess

from vmlib import paths
from vmlib.bochs import Bochs
from vmlib.images import fresh
from vmlib.qemu import Qemu

FOLDER = paths.BUILD / "tools" / "replay"
RECORDS = paths.SOURCE / "tests" / "records"
NO_ROOM = "cannot have the recorded RAM"


class Refused(Exception):
    """tools/replay made nothing of the record; its message."""


def command(record, emulator, out):
    return [FOLDER / "replay", "--emulator", emulator, "--code", FOLDER / "rom.raw", "--output", out,
            record]


def rom(record, emulator):
    """(option ROM, machine's model, MiB of memory, MiB below 4 GiB or 0) for a record's file."""
    out = fresh(".rom")
    result = subprocess.run(command(record, emulator, out), text=True, capture_output=True,
                            check=False)
    if result.returncode != 0:
        assert not out.exists() and not result.stdout, "something was written all the same"
        raise Refused(result.stderr)
    model, memory, below = result.stdout.split()
    return out, model, int(memory), int(below)


@contextlib.contextmanager
def qemu(image, record, **options):
    path, model, memory, below = rom(record, "qemu")
    disk = "ide" if model == "isapc" else "ahci"
    machine = f"{model},max-ram-below-4g={below}M" if below else model
    with Qemu(image, machine=machine, disk=disk, memory=memory, extra=["-option-rom", path],
              **options) as vm:
        yield vm


@contextlib.contextmanager
def bochs(image, record, **options):
    path, _, memory, _ = rom(record, "bochs")
    extra = f"optromimage1: file={path}, address=0xd0000\n"
    with Bochs(image, memory=memory, extra=extra, **options) as vm:
        yield vm


EMULATORS = {"qemu": qemu, "bochs": bochs}
