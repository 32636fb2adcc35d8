# SPDX-License-Identifier: MIT
"""mistakes.txt and the patches, read."""
import dataclasses
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent
SEES = re.compile(r'(?P<ends>no boot|reset or hang|reset|hang|says(?= ")|nothing on the screen)'
                  r'(?: "(?P<says>[^"]+)")?(?: after "(?P<after>[^"]+)")?(?: with "(?P<screen>[^"]+)")?')
HUNK = re.compile(r"(?m)^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@.*\n")


@dataclasses.dataclass(frozen=True)
class Sees:
    """What one sees, as mistakes.txt has it; empty where nothing is said."""

    ends: str
    says: str
    after: str
    screen: str

    @classmethod
    def of(cls, text):
        found = SEES.fullmatch(text)
        if not found:
            raise ValueError(f"not what one can see: {text}")
        return cls(**{name: value or "" for name, value in found.groupdict().items()})


@dataclasses.dataclass(frozen=True)
class Mistake:
    """One row, and its patch."""

    chapter: str
    name: str
    sees: dict  # machine: Sees
    diagnosis: str
    cause: str
    at: str
    patch: pathlib.Path

    @property
    def in_plain_qemu(self):
        return "plain" in self.sees


def rows(text):
    """(chapter, cells) of each row."""
    chapter = ""
    for line in text.splitlines():
        if line.startswith("## "):
            chapter = line[3:]
        elif line and not line.startswith("#"):
            yield chapter, [cell.strip() for cell in line.split("|")]


def listed():
    """Every Mistake, in order."""
    found = []
    for number, (chapter, cells) in enumerate(rows((FOLDER / "mistakes.txt").read_text()), 1):
        name, machines, sees, diagnosis, cause, at = cells
        names = machines.split("; ")
        texts = sees.split("; ") if ";" in sees else [sees] * len(names)
        seen = {machine: Sees.of(text) for machine, text in zip(names, texts, strict=True)}
        found.append(Mistake(chapter, name, seen, diagnosis, cause, at,
                             FOLDER / f"{number:02}-{name}.patch"))
    return found


def hunks(patch):
    """The file that a patch changes, and the (first line in the broken file, lines) of each hunk."""
    text = patch.read_text()
    file = re.search(r"(?m)^\+\+\+ b/(\S+)", text).group(1)
    starts = list(HUNK.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    return file, [(int(start.group(1)), text[start.end():end].splitlines())
                  for start, end in zip(starts, ends)]


def fault_line(patch):
    """`file:line` in the broken source: the first that is new, or what follows a missing one."""
    file, [(number, lines), *_] = hunks(patch)
    added = any(line.startswith("+") for line in lines)
    for line in lines:
        if line.startswith("+" if added else "-"):
            return f"{file}:{number}"
        number += not line.startswith("-")
    raise ValueError(f"{patch.name} changes nothing")
