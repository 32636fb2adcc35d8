# SPDX-License-Identifier: MIT
"""The boot steps: include/boot/steps.h, with the commentary of tools/see/steps.txt."""
import dataclasses
import difflib
import functools
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = ROOT / "include/boot/steps.h"
COMMENTARY = ROOT / "tools/see/steps.txt"
STORY = "docs/boot-story.md"
ROW = re.compile(r'X\((\d+), (\w+), (\w+), (\w+),\s*"([^"]*)",\s*"([^"]*)"\)')
SECTION = re.compile(r"^\[(\w+)\]$")
FIELD = re.compile(r"^(happened|look|next|bochs|gdb|expect): *(.*)$")


@dataclasses.dataclass
class Step:
    """A step of the boot. `expect` is what see.expect checks; the texts may be of several lines."""
    number: int
    name: str
    label: str
    mode: str  # "real" or "long"
    sentence: str
    section: str  # an anchor in STORY
    happened: str = ""
    look: str = ""
    next: str = ""
    bochs: str = ""  # commands of its debugger, one a line, with {NAME} for numbers
    gdb: str = ""  # the same for GDB
    expect: str = ""


def joined(text):
    """C's way of going on in the next line, undone."""
    return re.sub(r"\s*\\\n\s*", " ", text)


def commentary(text):
    """{NAME: {field: text}} of steps.txt. Lines that begin with a space continue a field."""
    found, fields, field = {}, None, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        section, start = SECTION.match(line), FIELD.match(line)
        if section:
            fields, field = found.setdefault(section.group(1), {}), None
        elif start and fields is not None:
            field = start.group(1)
            fields[field] = start.group(2)
        elif line.startswith(" ") and field:
            fields[field] = f"{fields[field]}\n{line.strip()}".strip()
        else:
            raise ValueError(f"{COMMENTARY.name}, line {number}: not a section, a field or its rest")
    return found


@functools.lru_cache(maxsize=None)
def steps():
    """Every Step, in order."""
    texts = commentary(COMMENTARY.read_text()) if COMMENTARY.exists() else {}
    return [Step(int(number), name, label, mode.lower(), sentence, section, **texts.get(name, {}))
            for number, name, label, mode, sentence, section in ROW.findall(joined(HEADER.read_text()))]


def find(text):
    """A Step by its number, name or label; ValueError tells what there is."""
    wanted = text.strip().lower()
    for step in steps():
        if wanted in (str(step.number), step.name.lower(), step.label.lower()):
            return step
    known = [word for step in steps() for word in (step.name, step.label)]
    near = difflib.get_close_matches(text, known, n=3) or difflib.get_close_matches(
        text.upper(), known, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else \
        f"there are 1 to {len(steps())}, with names and labels"
    raise ValueError(f'no boot step is called "{text}": {hint}')
