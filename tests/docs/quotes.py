# SPDX-License-Identifier: MIT
"""What a page quotes of a console, and whether a console says it.

A quotation is a ```text block right behind a comment that says how to see it:

    <!-- boot: KERNEL COMMAND LINE -->
    <!-- boot: KERNEL COMMAND LINE -- QEMU ARGUMENTS -->
    <!-- boot: KERNEL COMMAND LINE; type: A COMMAND AT THE PROMPT -->

In it … stands for any text inside a line; a line that is only … stands for any lines.
"""
import re
import typing

QUOTE = re.compile(r"^<!-- boot: *(.*?) *-->\n+```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"^<!-- boot:", re.MULTILINE)


class Quote(typing.NamedTuple):
    """cmdline, qemu, typed: how it is seen; text: the lines themselves."""
    cmdline: str
    qemu: tuple
    typed: str
    text: str


def quotes(page):
    """All quotations of a page's text; a comment without its block is an error."""
    found = []
    for how, text in QUOTE.findall(page):
        how, _, typed = how.partition("; type:")
        cmdline, _, qemu = f" {how} ".partition(" -- ")
        found.append(Quote(cmdline.strip(), tuple(qemu.split()), typed.strip(), text))
    assert len(found) == len(COMMENT.findall(page)), "a boot comment has no ```text block behind it"
    return found


def line_pattern(line):
    return re.compile("^" + ".*".join(re.escape(part) for part in line.split("…")) + "$")


def missing(text, said):
    """The first quoted line that the console does not say in its place, or None."""
    lines = [line.rstrip() for line in said.splitlines()]
    place, free = 0, True
    for wanted in (line.rstrip() for line in text.splitlines()):
        if wanted == "…":
            free = True
            continue
        pattern = line_pattern(wanted)
        fits = [at for at in range(place, len(lines)) if pattern.match(lines[at])]
        if not fits or not (free or fits[0] == place):
            return wanted
        place, free = fits[0] + 1, False
    return None
