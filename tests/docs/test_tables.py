#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Tables in docs/ that restate headers are compiled against those headers.

A table is marked by a comment above it: `layout: STRUCT` (offset, bytes, field), `enum: NAME`
(value, name) or `constants: HEADER` (name, value). Each row becomes a static assertion, and each
field, enumerator or constant of the header must have a row.
"""
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARK = re.compile(r"<!-- (layout|enum|constants): (\S+) -->\n((?:\|.*\n)+)")
HEADERS = ["boot/boot_info.h", "boot/requirements.h"]  # of layouts and enumerations
FLAGS = ["clang", "--target=x86_64-unknown-none-elf", "-ffreestanding", "-nostdlibinc", "-std=c17",
         f"-I{ROOT}/include", "-fsyntax-only", "-x", "c", "-"]


def cells(line):
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def tables():
    for page in sorted((ROOT / "docs").glob("*.md")):
        for kind, name, body in MARK.findall(page.read_text()):
            rows = [cells(line) for line in body.splitlines()[2:]]
            yield pytest.param(kind, name, rows, id=f"{page.name}:{name}")


def assertions(kind, name, rows):
    for row in rows:
        if kind == "layout":
            member = f"((struct {name} *)0)->{row[2]}"
            yield (f"offsetof(struct {name}, {row[2]}) == {row[0]} && sizeof({member}) == {row[1]}",
                   row[2])
        elif kind == "enum":
            yield f"{row[1]} == {row[0]}", row[1]
        elif row[1].startswith('"'):
            yield f"!__builtin_strcmp({row[0]}, {row[1]})", row[0]
        else:
            yield f"{row[0]} == {row[1]}", row[0]


def compiles(kind, name, rows):
    headers = [name] if kind == "constants" else HEADERS
    lines = ["#include <stddef.h>", *(f'#include "{header}"' for header in headers)]
    lines += [f'_Static_assert({claim}, "{what}");' for claim, what in assertions(kind, name, rows)]
    return subprocess.run(FLAGS, input="\n".join(lines) + "\n", text=True, capture_output=True)


def named_in_header(kind, name):
    if kind == "constants":
        text = (ROOT / "include" / name).read_text()
        return set(re.findall(r"^#define (\w+) +\S", text, re.MULTILINE))
    text = "".join((ROOT / "include" / header).read_text() for header in HEADERS)
    if kind == "enum":
        body = re.search(rf"enum {name} {{(.*?)}};", text, re.DOTALL).group(1)
        return set(re.findall(r"^\s*(\w+) =", body, re.MULTILINE))
    body = re.search(rf"^struct {name} {{(.*?)^}};", text, re.DOTALL | re.MULTILINE).group(1)
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
    fields = set()
    for declaration in re.findall(r"(?:u?int\d+_t|char|struct \w+) ([^;]+);", body):
        fields |= {re.sub(r"\[.*", "", field).strip() for field in declaration.split(",")}
    return fields


@pytest.mark.parametrize("kind, name, rows", tables())
def test_table_agrees_with_header(kind, name, rows):
    result = compiles(kind, name, rows)
    assert result.returncode == 0, result.stderr
    column = {"layout": 2, "enum": 1, "constants": 0}[kind]
    missing = named_in_header(kind, name) - {row[column] for row in rows}
    assert not missing, f"no row for {sorted(missing)}"


def test_a_wrong_row_is_seen():
    rows = [["8", "8", "version", "", ""]]
    assert compiles("layout", "boot_info", rows).returncode != 0
    rows = [["8", "4", "version", "", ""]]
    assert compiles("layout", "boot_info", rows).returncode == 0
    for owner, wrong in (('"Coldstart"', 0), ('"Warmstart"', 1)):
        rows = [["BOOT_NOTE_OWNER", owner]]
        assert compiles("constants", "boot/requirements.h", rows).returncode == wrong


def test_every_boot_step_is_told():
    listed = re.findall(r"X\((\d+), \w+, (\w+),", (ROOT / "include/boot/steps.h").read_text())
    page = (ROOT / "docs/boot-story.md").read_text()
    assert re.findall(r"^\| (\d+) \| `(\w+)` \|", page, re.MULTILINE) == listed


def test_every_link_leads_somewhere():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_there_are_tables():
    assert len(list(tables())) >= 10
