#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every way coldstart.cfg can be wrong ends in its own sentence, with file and line."""
import re

import pytest

from vmlib import boots, images

GOOD = "kernel = /boot/kernel.elf\n"
MAX_BYTES = 0x4000
MAX_MODULES, MAX_CHECKSUMS = 16, 24
SHA = "1a2b3c4d"

# name: (text of coldstart.cfg, status, what the line must say)
CASES = {
    "not-key-value": (GOOD + "what is this\n", "BOOT_E_CONFIG_SYNTAX", "line 2: what is this"),
    "no-key": ("= value\n", "BOOT_E_CONFIG_SYNTAX", "line 1"),
    "control-byte": (GOOD + "cmdline = a\x07b\n", "BOOT_E_CONFIG_SYNTAX", "line 2"),
    "nul-byte": (GOOD + "# \0\n", "BOOT_E_CONFIG_SYNTAX", "line 2"),
    "unknown-key": (GOOD + "\n# a comment\ncolour = red\n", "BOOT_E_CONFIG_KEY",
                    "line 4: .*colour"),
    "upper-case-key": ("KERNEL = /boot/kernel.elf\n", "BOOT_E_CONFIG_KEY", "line 1: .*KERNEL"),
    "bad-video": (GOOD + "video = 1024x768\n", "BOOT_E_CONFIG_VALUE", "line 2: .*1024x768"),
    "video-of-8-bits": (GOOD + "video = 640x480x8\n", "BOOT_E_CONFIG_VALUE", "line 2"),
    "relative-path": ("kernel = boot/kernel.elf\n", "BOOT_E_CONFIG_VALUE", "boot/kernel.elf"),
    "dots-in-path": ("kernel = /boot/../kernel.elf\n", "BOOT_E_CONFIG_VALUE", "line 1"),
    "path-of-dots": ("kernel = /boot/...\n", "BOOT_E_BAD_PATH",
                     r"/boot/\.\.\., coldstart\.cfg line 1"),
    "short-checksum": (GOOD + "crc32c = /boot/kernel.elf 12345\n", "BOOT_E_CONFIG_VALUE", "12345"),
    "checksum-of-nothing": (GOOD + f"crc32c = /other {SHA}\n", "BOOT_E_CONFIG_VALUE",
                            "line 2: .*/other"),
    "kernel-twice": (GOOD + GOOD, "BOOT_E_CONFIG_REPEATED", "line 2"),
    "cmdline-twice": (GOOD + "cmdline = a\ncmdline = b\n", "BOOT_E_CONFIG_REPEATED", "line 3"),
    "video-twice": (GOOD + "video = text\nvideo = text\n", "BOOT_E_CONFIG_REPEATED", "line 3"),
    "no-kernel": ("cmdline = hello\n", "BOOT_E_CONFIG_NO_KERNEL", "/coldstart.cfg"),
    "empty": ("", "BOOT_E_CONFIG_NO_KERNEL", "/coldstart.cfg"),
    "only-a-mark": ("\ufeff", "BOOT_E_CONFIG_NO_KERNEL", "/coldstart.cfg"),
    "too-large": (GOOD + "#" * MAX_BYTES, "BOOT_E_CONFIG_SIZE", str(MAX_BYTES)),
    "long-cmdline": (GOOD + f"cmdline = {'x' * 1024}\n", "BOOT_E_CONFIG_SIZE", "line 2"),
    "long-path": (f"kernel = /{'x' * 255}\n", "BOOT_E_CONFIG_SIZE", "line 1"),
    "many-modules": (GOOD + "".join(f"module = /m{n}\n" for n in range(MAX_MODULES + 1)),
                     "BOOT_E_CONFIG_MANY", f"line {MAX_MODULES + 2}"),
    "many-checksums": (GOOD + "".join(f"crc32c = /m{n} {SHA}\n" for n in range(MAX_CHECKSUMS + 1)),
                       "BOOT_E_CONFIG_MANY", f"line {MAX_CHECKSUMS + 2}"),
    "kernel-missing": ("kernel = /boot/absent.elf\n", "BOOT_E_NOT_FOUND",
                       r"/boot/absent\.elf, coldstart\.cfg line 1"),
    "kernel-in-a-file": ("kernel = /coldstart.cfg/kernel\n", "BOOT_E_NOT_FOUND", "line 1"),
    "kernel-is-a-folder": ("kernel = /boot\n", "BOOT_E_NOT_A_FILE", "/boot, .*line 1"),
    "module-missing": (GOOD + "module = /absent.bin\n", "BOOT_E_NOT_FOUND",
                       r"/absent\.bin, coldstart\.cfg line 2"),
    "kernel-checksum": (GOOD + f"crc32c = /boot/kernel.elf {SHA}\n", "BOOT_E_CRC",
                        rf"/boot/kernel\.elf is [0-9a-f]{{8}}, coldstart\.cfg line 2 says {SHA}"),
    "module-checksum": (GOOD + f"module = /coldstart.cfg\ncrc32c = /coldstart.cfg {SHA}\n",
                        "BOOT_E_CRC", rf"/coldstart\.cfg is [0-9a-f]{{8}}, .*line 3 says {SHA}"),
}
TOLERATED = {
    "cr-lf": GOOD.replace("\n", "\r\n") + "cmdline = exit\r\n",
    "byte-order-mark": "\ufeff" + GOOD + "cmdline = exit\n",
    "no-last-newline": GOOD + "cmdline = exit",
    "blanks-and-comments": "\n\t # a comment\n  kernel\t=  /boot/kernel.elf  # here\n\n cmdline =exit",
    "other-case-in-path": "kernel = /BOOT/Kernel.ELF\ncmdline = exit\n",
}


@pytest.mark.parametrize("case", CASES)
def test_bad_config(case):
    text, status, details = CASES[case]
    boots.error(images.changed(config=text), status, details)


def test_config_missing():
    image = images.changed()
    images.remove(image, "/coldstart.cfg")
    boots.error(image, "BOOT_E_NOT_FOUND", r"/coldstart\.cfg")


def test_config_is_a_folder():
    image = images.changed()
    images.remove(image, "/coldstart.cfg")
    images.run("mmd", "-i", f"{image}{images.PARTITION}", "::/coldstart.cfg")
    boots.error(image, "BOOT_E_NOT_A_FILE", r"/coldstart\.cfg")


@pytest.mark.parametrize("case", TOLERATED)
def test_tolerated_config(case):
    boots.ready(images.changed(config=TOLERATED[case]))


def test_the_right_checksum_is_accepted():
    """The loader's own answer to a wrong one is the right one."""
    line = boots.error(images.changed(config=CASES["kernel-checksum"][0]), "BOOT_E_CRC")
    found = re.search(r"kernel\.elf is ([0-9a-f]{8})", line).group(1)
    for cpu in ("qemu64", "max"):
        boots.ready(images.changed(config=images.config("exit", crc32c=f"/boot/kernel.elf {found}")),
                    cpu=cpu)
