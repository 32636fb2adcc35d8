# SPDX-License-Identifier: MIT
"""The depths of this build: each entry of entries.txt on its stack."""

import dataclasses
import functools
import os
import pathlib
import re
import subprocess

import elf
import program
import tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("COLDSTART_BUILD", ROOT / "build"))
# Where the sizes of stacks are said that are no labels: NASM's list of C's constants, and one file.
SIZES = (BUILD / "generated" / "constants.inc", ROOT / "kernel" / "mm" / "space_begin.c")
WORLDS = {"kernel": "kernel", "stage2": "loader"}


@dataclasses.dataclass(frozen=True)
class Depth:
    """One line of the table."""
    entry: tables.Entry
    bytes: int
    reserve: int
    stack: int
    chain: tuple


def output(command, text=None):
    return subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True,
                          check=True).stdout


def sources_in(binary):
    """A function that names the source function of each address."""
    def ask(addresses):
        if not addresses:
            return []
        return program.source_functions(output(
            ["llvm-symbolizer", f"--obj={binary}", "--inlines", "--functions=linkage"],
            "".join(f"{address:#x}\n" for address in addresses)))
    return ask


@functools.cache
def source_words():
    """Every name in the C and the assembly of the two images."""
    return frozenset(word for folder in ("kernel", "stage2")
                     for path in (ROOT / folder).rglob("*") if path.suffix in (".c", ".asm")
                     for word in re.findall(r"\w+", path.read_text()))


@functools.cache
def read(image):
    """The program of one image, with all that its entries reach."""
    binary = BUILD / f"{image}.debug"
    text = output(["llvm-objdump", "-d", "--no-show-raw-insn", binary])
    read_program = program.Program(elf.Image(binary), text, tables.read_calls(image),
                                   sources_in(binary), source_words())
    read_program.reach(root for entry in tables.read_entries() if entry.image == image
                       for root in read_program.find(entry.function))
    return read_program


def usage_files(image):
    """The .su files of the objects this image's world is made of, as CMake lists them. Programs of
    tests/ are none of it, nor the memory functions in C: the images have those in assembly."""
    paths = []
    for line in (BUILD / "house" / "objects.txt").read_text().splitlines():
        world, library, folder, names = line.split("|")
        if (world == WORLDS[image] and not folder.startswith("tests/")
                and not library.startswith("core_memory")):
            paths += [pathlib.Path(name).with_suffix(".su") for name in names.split(";") if name]
    return [path for path in paths if path.exists()]


@functools.cache
def depths():
    """A Depth for each entry. The reserve is what other entries may add on top of this one."""
    constants = program.read_constants("".join(path.read_text() for path in SIZES))
    graphs = {image: read(image).graph() for image in WORLDS}
    used = {}
    for entry in tables.read_entries():
        start, = read(entry.image).find(entry.function)
        below, chain = graphs[entry.image].deepest(start)
        used[entry.image, entry.name] = (entry, entry.before + below, chain)
    return [Depth(entry, size, sum(used[entry.image, name][1] for name in entry.reserve),
                  program.constant(read(entry.image).image, constants, entry.stack), chain)
            for entry, size, chain in used.values()]
