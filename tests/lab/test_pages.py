#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""docs/hardware.md and docs/network-boot.md against the source: error codes, stage 1's letters, BIOS
statuses, quoted lines, options, and what tools/serve prints for DHCP.
"""
import re
import subprocess

import pytest

from test_serve import lab_words
from vmlib import errors, paths, portrait

DOCS = paths.SOURCE / "docs"
HARDWARE = (DOCS / "hardware.md").read_text()
NETWORK = (DOCS / "network-boot.md").read_text()


def rows(pattern):
    """The first cell of every table row that begins so."""
    return re.findall(rf"(?m)^\| `?{pattern}`? \|", HARDWARE)


def test_every_group_of_errors_has_a_row_and_no_other():
    groups = {f"{code:02X}"[0] for code, _ in errors.STATUS.values()}
    assert rows(r"E(\d)x") == sorted(groups)


def test_every_code_that_is_named_exists():
    known = {f"E{code:02X}" for code, _ in errors.STATUS.values()}
    named = set(re.findall(r"\bE[0-9][0-9A-F]\b", HARDWARE + NETWORK))
    assert named and named <= known, named - known


def test_stage_1s_letters():
    assert rows("(E[A-Z])") == sorted(errors.STAGE1)


def test_the_statuses_of_int_13h():
    header = (paths.SOURCE / "include/hw/edd.h").read_text()
    known = re.findall(r"#define INT13_E_\w+ +0x(\w\w)", header)
    assert rows("([0-9A-F]{2})h") == known


def test_the_lines_on_the_screen_are_those_of_the_kept_boot():
    log = portrait.words((DOCS / "serial.log").read_text())
    table = HARDWARE.split("## What the screen shows")[1].split("##")[0]
    quoted = re.findall(r"(?m)^\| `(.*?)` \|", table)
    assert len(quoted) >= 6
    places = [log.index(line) for line in portrait.words("\n".join(quoted))]
    assert places == sorted(places)


def commands(text, own):
    """(tool, option) of each command in a page; an option that is named alone is `own`'s."""
    for tool, rest in re.findall(r"tools/(\w+)(.*)", text):
        for option in re.findall(r"(?<![\w-])--[a-z0-9-]+", rest):
            yield tool, option
    for option in re.findall(r"`(--[a-z-]+)", text):
        yield own, option


@pytest.mark.parametrize("tool, option", sorted(
    {*commands(HARDWARE, "mkimage"), *commands(NETWORK, "serve")}))
def test_every_option_exists(tool, option):
    helped = subprocess.run([paths.SOURCE / "tools" / tool, "--help"], text=True, check=True,
                            capture_output=True).stdout
    assert re.search(rf"{option}\b", helped), f"tools/{tool} has no {option}"


def test_every_tool_exists():
    named = set(re.findall(r"\btools/\w+", HARDWARE + NETWORK))
    assert {name for name in named if not (paths.SOURCE / name).exists()} == set()


def test_the_lines_for_dnsmasq_are_those_that_are_printed():
    assert lab_words("192.168.1.5") in NETWORK
