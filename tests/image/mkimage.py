# SPDX-License-Identifier: MIT
"""coldstart-mkimage as a user calls it, and what the loader says in QEMU of the same thing."""
import json
import subprocess

from vmlib import boots, paths
from vmlib.machine import Hang
from vmlib.qemu import Qemu

PREFIX = "coldstart: "
INSTRUCTIONS = 400_000_000  # a guard: the loader needs a tenth of it


def call(*words, **options):
    """The finished process."""
    words = [str(word) for word in (paths.MKIMAGE, *words)]
    return subprocess.run(words, text=True, capture_output=True, **options)


def make(out, *words, **options):
    """The image, which must have been made."""
    result = call("-o", out, *words, **options)
    assert result.returncode == 0, result.stderr
    return out


def check(path):
    """What --check --json says; its exit status must agree."""
    result = call("--check", path, "--json")
    assert result.returncode in (0, 1), result.stderr
    found = json.loads(result.stdout)
    assert found["boots"] == (result.returncode == 0)
    return found


def loader_says(image, **options):
    """The loader's error line for an image, without its "coldstart: "."""
    with Qemu(image, **options) as vm:
        return vm.wait_for(boots.ERROR).group(0).rstrip("\n")[len(PREFIX):]


def loader_accepts(image, **options):
    """Whether the loader hands over to whatever lies there; the machine need not survive that."""
    with Qemu(image, cpu="max", limit=INSTRUCTIONS, **options) as vm:
        try:
            vm.wait_for(boots.ERROR)
        except Hang:
            return vm.ended() and "coldstart: loading " in vm.serial
    return False
