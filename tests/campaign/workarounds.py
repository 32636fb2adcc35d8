# SPDX-License-Identifier: MIT
"""The workarounds of the boot path as mutants, read from workarounds.txt, which says how it is written.
"""
import dataclasses
import pathlib
import re

TABLE = pathlib.Path(__file__).with_name("workarounds.txt")
HEAD = re.compile(r"Q(\d+) ([a-z0-9-]+)(?: (\S+))?")


@dataclasses.dataclass(frozen=True)
class Edit:
    """Replace some lines, or parts of lines, of one file; without new ones the lines go."""
    file: str
    old: tuple
    new: tuple

    def apply(self, text):
        old = "\n".join(self.old) + ("" if self.new else "\n")
        assert text.count(old) == 1, f"{self.file} has {old!r} {text.count(old)} times"
        return text.replace(old, "\n".join(self.new))


@dataclasses.dataclass(frozen=True)
class Mutant:
    quirk: int
    name: str
    edits: tuple
    test: tuple  # a command; {build} and {source} are the changed tree's

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


def command(quirk, test):
    """The command of a block's test, as workarounds.txt names it."""
    if test == "" or test.startswith("/"):
        return trials(quirk, test[1:])
    kind, _, name = test.partition(":")
    return pytest(name) if kind == "pytest" else emulated(kind, name)


def edits(lines):
    """The changes of one block: a file, then lines to go (`- `) and to come (`+ `)."""
    found = []
    for line in lines:
        if line.startswith(("- ", "+ ")):
            found[-1][line[0]].append(line[2:])
        elif line in ("-", "+"):
            found[-1][line].append("")
        else:
            found.append({"file": line, "-": [], "+": []})
    return tuple(Edit(one["file"], tuple(one["-"]), tuple(one["+"])) for one in found)


def mutants(text):
    """Each block of the table: a head, and its changes."""
    for block in re.split(r"\n\n+", re.sub(r"(?m)^#.*\n", "", text).strip()):
        head, *lines = block.splitlines()
        quirk, name, test = HEAD.fullmatch(head).groups()
        yield Mutant(int(quirk), name, edits(lines), command(int(quirk), test or ""))


MUTANTS = list(mutants(TABLE.read_text()))

# Quirks whose workaround is no line that could be taken away.
WITHOUT = {
    64: "there is no unreal mode to be lost",
    65: "every boot in Bochs has the limits checked",
    67: "no loop counts cycles; the waits that could be too short are Q56's and Q60's",
}
