#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A sample that asks for what is not there does not run: the loader says what it is, and so does
coldstart-mkimage as far as it can know.
"""
import shutil

import pytest

import kit
from vmlib import boots, images

# name: (needs in C, the same in NASM, error, what the line ends in)
REFUSED = {
    "newer-protocol": ("2, 0, 0, 0", "BOOT_E_NEEDS_PROTOCOL", "needs version 2, this is 1$"),
    "longer-boot-info": ("1, 4096, 0, 0", "BOOT_E_NEEDS_PROTOCOL",
                         "needs a boot_info of 4096 bytes, this one has 400$"),
    "more-memory": ("1, 0, 1024 * 1024, 0", "BOOT_E_NEEDS_MEMORY",
                    r"needs 1048576 KiB, \d{6} KiB are usable$"),
    "missing-feature": ("1, 0, 0, BOOT_FEATURE_FRAMEBUFFER | BOOT_FEATURE_ACPI",
                        "BOOT_E_NEEDS_FEATURE", "needs a framebuffer$"),
    "unknown-feature": ("1, 0, 0, 1 << 40", "BOOT_E_NEEDS_FEATURE",
                        "needs feature 40, unknown to this loader$"),
}
# The host cannot know the machine.
KNOWN_TO_THE_HOST = {"newer-protocol", "longer-boot-info", "unknown-feature"}


def built(name, prefix, folder, needs):
    """(kernel, image) of a sample with other needs; mkimage is told to make it all the same."""
    folder = folder / name
    shutil.copytree(prefix / "share/coldstart/samples" / name, folder)
    kit.require(name, folder, needs.replace("1 << 40", "1ull << 40") if name != "nasm" else needs)
    kernel, image = folder / "kernel.elf", folder / "forced.img"
    kit.run("make", "-C", folder, f"PREFIX={prefix}", "kernel.elf")
    kit.run(prefix / "bin/coldstart-mkimage", "-o", image, "--kernel", kernel, "--force")
    return kernel, image


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("name", ["c-gcc", "nasm"])
def test_refused(name, case, prefix, tmp_path):
    needs, status, words = REFUSED[case]
    kernel, image = built(name, prefix, tmp_path, needs)
    line = boots.error(image, status, words)
    check = kit.subprocess.run([prefix / "bin/coldstart-mkimage", "--check", kernel],
                               capture_output=True, text=True)
    if case in KNOWN_TO_THE_HOST:
        assert check.returncode == 1 and line.removeprefix("coldstart: ") in check.stdout, check
    else:
        assert check.returncode == 0, check


@pytest.mark.parametrize("name", ["c-gcc", "nasm"])
def test_what_is_there_may_be_asked_for(name, prefix, tmp_path):
    _, image = built(name, prefix, tmp_path,
                     "1, 400, 128 * 1024, BOOT_FEATURE_NX | BOOT_FEATURE_ACPI | BOOT_FEATURE_TEXT")
    images.put(image, images.config("exit"), "/coldstart.cfg")
    assert kit.GREETING[name] in kit.booted(image, cpu="max").serial
