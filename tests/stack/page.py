#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The table of docs/kernel/stacks.md. Called as a program, it writes this build's figures into it."""

import re

import measured

PAGE = measured.ROOT / "docs" / "kernel" / "stacks.md"
ROW = re.compile(r"^\| (\w+): ([\w-]+) \| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
STEP_BYTES = 512


def rows(text):
    """{(image, entry): (function, at most, reserve, stack)} of the page."""
    return {(image, entry): (function, int(most), int(reserve), int(stack))
            for image, entry, function, most, reserve, stack in ROW.findall(text)}


def rounded(number):
    return -(-number // STEP_BYTES) * STEP_BYTES


def line(depth):
    """A row of this build: sizes rounded up, so that not every change of code changes the page."""
    return (f"| {depth.entry.image}: {depth.entry.name} | `{depth.entry.function}` "
            f"| {rounded(depth.bytes)} | {rounded(depth.reserve)} | {depth.stack} |")


def write():
    head, _, tail = PAGE.read_text().partition("<!-- table -->\n")
    table, _, tail = tail.partition("<!-- end -->\n")
    frame = table.splitlines()[:2]
    PAGE.write_text("\n".join([head + "<!-- table -->", *frame, *map(line, measured.depths()),
                               "<!-- end -->\n"]) + tail)


if __name__ == "__main__":
    write()
