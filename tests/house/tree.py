# SPDX-License-Identifier: MIT
"""The tree as the house tests see it: its files, its build, its tools. Checks nothing itself."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("COLDSTART_BUILD", ROOT / "build"))
SKIPPED_FOLDERS = {".git", "build", "__pycache__", ".pytest_cache"}
C_SUFFIXES = {".c", ".h"}
CODE_SUFFIXES = {".c", ".h", ".asm", ".inc", ".ld"}
CLANG_MAJOR = 14  # the release whose format, lint and warnings the source is held to


def files(suffixes=None, root=ROOT):
    """Every file of the project, or those with one of these suffixes; sorted."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        found += [pathlib.Path(folder, name) for name in names if not name.endswith(".lock")]
    return sorted(path for path in found if suffixes is None or path.suffix in suffixes)


def text_files(root=ROOT):
    """(path, text) of every file that is UTF-8 text; kept fuzz inputs are data, not text."""
    for path in files(root=root):
        if "corpus" in path.relative_to(root).parts:
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def short(path, root=ROOT):
    """The path as written in messages."""
    return path.relative_to(root).as_posix()


def run(command, **options):
    """A finished process, with its output as text."""
    return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, timeout=600, **options)


def run_all(commands):
    """Run independent commands, as many at a time as there are CPUs; results in order."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        return list(pool.map(run, commands))


def need(*tools):
    """Skip, with the reason, where a tool is not installed."""
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")


def need_release(tool):
    """The command, if it is of the release the source is held to; else skip."""
    for name in (f"{tool}-{CLANG_MAJOR}", tool):
        if shutil.which(name):
            major = re.search(r"version (\d+)", run([name, "--version"]).stdout)
            if major and int(major.group(1)) == CLANG_MAJOR:
                return name
    pytest.skip(f"no {tool} {CLANG_MAJOR} here")
    return None


def world_flags(world):
    """The compiler flags of one world, as CMake uses them."""
    return (BUILD / "house" / f"flags-{world}.txt").read_text().splitlines()


def compile_commands():
    """The build's compile commands; only those of the project's own sources."""
    return json.loads((BUILD / "compile_commands.json").read_text())


def objects():
    """Rows (world, target, folder, object) of every object library built by coldstart_objects."""
    rows = []
    for line in (BUILD / "house" / "objects.txt").read_text().splitlines():
        world, target, folder, names = line.split("|")
        rows += [(world, target, folder, name) for name in names.split(";") if name]
    return rows


def symbols(*names):
    """(defined, undefined) global symbols of object files."""
    defined, undefined = set(), set()
    output = run(["llvm-nm", "--extern-only", "--no-sort", *names])
    assert output.returncode == 0, output.stderr
    for line in output.stdout.splitlines():
        words = line.split()
        if len(words) >= 2 and words[-2] in ("U", "w"):
            undefined.add(words[-1])
        elif len(words) == 3:
            defined.add(words[-1])
    return defined, undefined
