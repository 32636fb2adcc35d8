# SPDX-License-Identifier: MIT
"""calls.txt and entries.txt: what a disassembly cannot tell."""

import dataclasses
import pathlib

HERE = pathlib.Path(__file__).parent


class TableError(Exception):
    """A line that does not read, or that speaks of something that is not there."""


@dataclasses.dataclass
class Tables:
    """What calls.txt says of one image."""
    groups: dict = dataclasses.field(default_factory=dict)   # name: targets
    calls: dict = dataclasses.field(default_factory=dict)    # function of the source: targets
    limits: dict = dataclasses.field(default_factory=dict)   # function: entries in one chain
    cuts: dict = dataclasses.field(default_factory=dict)     # function: why it is not followed
    grows: dict = dataclasses.field(default_factory=dict)    # function: why its frame may
    only: dict = dataclasses.field(default_factory=dict)     # function: (place below it, targets)


@dataclasses.dataclass(frozen=True)
class Entry:
    """One stack and what starts on it."""
    image: str
    name: str
    function: str
    stack: str          # names of constants or labels: END-FIRST, or one size
    before: int         # bytes on the stack when the function starts
    reserve: tuple      # names of entries that may come on top


def rows(path):
    """(number, words) of each line that says something; a # starts a comment."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        words = line.split("#")[0].split()
        if words:
            yield number, words


def read_calls(image, path=HERE / "calls.txt"):
    tables = Tables()
    for number, (verb, where, name, *rest) in rows(path):
        if where not in (image, "both"):
            continue
        if not rest or verb not in ("calls", "group", "limit", "cut", "grows", "only"):
            raise TableError(f"{path.name}:{number}: not understood")
        if verb == "calls":
            tables.calls[name] = rest
        elif verb == "group":
            tables.groups[name] = rest
        elif verb in ("cut", "grows"):
            (tables.cuts if verb == "cut" else tables.grows)[name] = " ".join(rest)
        elif verb == "only":
            tables.only[name] = (rest[0], rest[1:])
        else:
            tables.limits[name] = int(rest[0])
    return tables


def read_entries(path=HERE / "entries.txt"):
    return [Entry(image, name, function, stack, int(before),
                  tuple(part for part in reserve.split("+") if part != "-"))
            for _, (image, name, function, stack, before, reserve) in rows(path)]
