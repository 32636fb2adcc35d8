# SPDX-License-Identifier: MIT
"""The workarounds of the boot path as mutants: what to change to disable one, and which test must fail
then. Text to be replaced must stand in its file exactly once, so this cannot fall behind the source.
"""
import dataclasses
import re

import workarounds_list


@dataclasses.dataclass(frozen=True)
class Edit:
    """Replace one piece of one file. What is put in for a line of stage 1 may not be longer."""
    file: str
    old: str
    new: str

    def apply(self, text):
        assert text.count(self.old) == 1, f"{self.file} has {self.old!r} {text.count(self.old)} times"
        return text.replace(self.old, self.new)

    def line(self, text):
        return text[:text.index(self.old)].count("\n") + 1


@dataclasses.dataclass(frozen=True)
class Mutant:
    quirk: int
    name: str
    edits: tuple
    test: tuple  # a command; {build} and {source} are the changed tree's
    targets: tuple = ()  # to be built for the test, besides the usual

    def __str__(self):
        return f"Q{self.quirk}-{self.name}"


def trials(quirk, pattern=""):
    """The catalogue's trials of a quirk in QEMU, as a command."""
    return ("/usr/bin/python3", "{source}/tests/campaign/firmware.py", "--jobs", "1", "--only",
            f"^Q{quirk}-.*{pattern}.*(qemu|host)")


def emulated(program, case):
    return (f"{{build}}/tests/emulated/emulated_{program}", case)


def pytest(file):
    return ("/usr/bin/python3", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
            f"{{source}}/tests/{file}")


def unit(name):
    return (f"{{build}}/tests/unit/unit_{name}",)


def command(quirk, test):
    """(command, targets) of a row's test: "" the quirk's trials, "/x" those with x in their names."""
    if test == "" or test.startswith("/"):
        return trials(quirk, test[1:]), ()
    kind, _, name = test.partition(":")
    if kind == "unit":
        return unit(name), (f"unit_{name}",)
    if kind == "pytest":
        return pytest(name), ()
    return emulated(kind, name), ()


def mutants():
    for quirk, name, edits, test in workarounds_list.ROWS:
        words, targets = command(quirk, test)
        yield Mutant(quirk, name, tuple(Edit(*edit) for edit in edits), words, targets)


MUTANTS = list(mutants())

# Quirks whose workaround is no line that could be taken away.
WITHOUT = {
    64: "there is no unreal mode to be lost",
    65: "every boot in Bochs has the limits checked",
    67: "no loop counts cycles; the waits that could be too short are Q56's and Q60's",
}


def places(root):
    """{quirk: the files and lines that carry its number}, of the boot path's sources."""
    found = {}
    for folder in ("stage1", "stage2", "kernel", "tools", "include"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in {".asm", ".inc", ".c", ".h", ".ld"} and path.name != "mkimage":
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                for quirk in re.findall(r"\bQ(\d+)\b", line):
                    found.setdefault(int(quirk), []).append((path.relative_to(root), number))
    return found
