# SPDX-License-Identifier: MIT
"""What every text file carries, and what none may: licence line, spelling, other people's paths."""

import re

import tree

LICENSED_SUFFIXES = tree.CODE_SUFFIXES | {".py", ".sh", ".cmake", ".gdb", ".js", ".css"}
LICENSED_NAMES = {"CMakeLists.txt", ".editorconfig", ".clang-tidy", "packages", "floors.txt"}
SPDX = "SPDX-License-Identifier: MIT"

# Written in pieces, so that this file does not hold what it looks for.
BANNED = {
    "a path of one machine": re.compile(r"/(?:wor" + r"k|home|root|Users)/\w"),
    "a package host": re.compile(r"\b(?:deb|archive|security|registry|pypi|mirrors?)\.(?:debian|"
                                 r"ubuntu|npmjs|python|kernel)\.(?:org|com)\b"),
    "unfinished work": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b"),
}


def needs_license(path):
    if path.suffix in LICENSED_SUFFIXES or path.name in LICENSED_NAMES:
        return True
    with path.open("rb") as stream:
        return stream.read(2) == b"#!"


def has_license(path):
    """In the first line, or the second when a program's name comes first."""
    return any(SPDX in line for line in path.read_text().splitlines()[:2])


def banned_words(path, text):
    return [f"{path.name}:{number}: {what}: {line.strip()}"
            for number, line in enumerate(text.splitlines(), 1)
            for what, pattern in BANNED.items() if pattern.search(line)]


def untidy_lines(path, text):
    """Tabs in C and NASM, spaces at a line's end, a last line that does not end."""
    found = [f"{path.name}:{number}" for number, line in enumerate(text.splitlines(), 1)
             if line != line.rstrip() or ("\t" in line and path.suffix in tree.CODE_SUFFIXES)]
    return found + ([f"{path.name}: no newline at the end"] if text and text[-1] != "\n" else [])


def test_license_line():
    assert [tree.short(path) for path in tree.files()
            if needs_license(path) and not has_license(path)] == []


def test_no_banned_words():
    assert [offence for path, text in tree.text_files()
            for offence in banned_words(path, text)] == []


def test_lines_are_tidy():
    """All but the kept output of a boot, which is as the boot wrote it."""
    assert [offence for path, text in tree.text_files() if path.suffix != ".log"
            for offence in untidy_lines(path, text)] == []


def misspelt(paths):
    tree.need("codespell")
    ignored = tree.ROOT / "tests/house/spelling.txt"
    result = tree.run(["codespell", "--ignore-words", ignored, *paths])
    return result.stdout.splitlines()


def test_spelling():
    """All but the kept recording: its words are those of files that are read here themselves, and
    JSON writes the end of a line as a letter in front of the next word."""
    assert misspelt([path for path, _ in tree.text_files()
                     if path != tree.ROOT / "docs/boot.html"]) == []


def test_bad_samples_are_found(tmp_path):
    path = tmp_path / "a.c"
    path.write_text("int x;\n")
    assert needs_license(path) and not has_license(path)
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    assert needs_license(script) and not has_license(script)
    for text in ("/ho" + "me/someone/x", "deb.deb" + "ian.org", "/* TO" + "DO */"):
        assert len(banned_words(path, text)) == 1
    assert len(untidy_lines(path, "a \n\tb\nc")) == 3
    path.write_text("/* rec" + "ieve */\n")
    assert len(misspelt([path])) == 1
