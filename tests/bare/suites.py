# SPDX-License-Identifier: MIT
"""Foreign test suites: unpacked from the distribution's source packages into the build folder,
compiled as they are, linked with our functions under C's names, run as programs without a C
library.
"""
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import tarfile

import pytest

import proofs
import tree

LIBC = proofs.ROOT / "tests/bare/libc"
ARCHIVES = [proofs.BARE / "libc_core_asm.a", proofs.BARE / "libc_core_memory_kernel.a"]
OURS = r" T (mem|bytes_|string_|format_)"
HANG = 60  # seconds after which one program is taken to hang
# At -O0 and without builtins every call in the text is a call of the function.
FLAGS = ["--target=x86_64-unknown-none-elf", "-std=gnu99", "-O0", "-w", "-Wno-return-type",
         "-ffreestanding", "-fno-builtin", "-fno-stack-protector", "-fno-pic", "-nostdlibinc",
         "-isystem", LIBC]
# Ours come first: should a test bring its own, the linker takes ours.
LINK = ["ld.lld", "-static", "-nostdlib", "-z", "noexecstack", "--allow-multiple-definition"]


@dataclasses.dataclass
class Suite:
    """
    archive  where the package puts its sources
    part     the folder in it that is wanted, with a / on either side
    flags    (folder, test): more flags for the compiler
    more     (test): the sources besides its own that it is linked with, where there are such
    """
    name: str
    archive: str
    part: str
    flags: object
    more: object = staticmethod(lambda name: [])

    def folder(self):
        """The unpacked part; skips where the package is not installed."""
        found = sorted(pathlib.Path("/usr/src").glob(self.archive))
        if not found:
            pytest.skip(f"{self.archive.split('/')[0]}-source is not installed")
        target = proofs.BARE / "suites" / self.name / found[-1].stem
        if not target.exists():
            unpack(found[-1], self.part, target)
        return target

    def left_out(self):
        """{file: reason} of the suite's list; every line has both."""
        text = (proofs.ROOT / f"tests/bare/left_out_{self.name}.txt").read_text()
        rows = [line.split(None, 1) for line in text.splitlines() if line and line[0] != "#"]
        assert all(len(row) == 2 for row in rows) and len(dict(rows)) == len(rows)
        return dict(rows)


def unpack(archive, part, target):
    """All files below `part`, under their names behind it. Members of a folder lie together."""
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    with tarfile.open(archive, "r|*") as members:
        for member in members:
            name = member.name.partition(part)[2]
            if name and member.isfile():
                path = partial / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(members.extractfile(member).read())
            elif partial.exists() and not name:
                break
    os.rename(partial, target)


def complaint(words):
    """None if a command succeeds, else what it says."""
    try:
        result = subprocess.run([str(word) for word in words], capture_output=True, check=False,
                                timeout=HANG, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return f"{words[0]} hangs"
    if result.returncode == 0:
        return None
    said = (result.stdout + result.stderr).decode("utf-8", "replace")
    return f"{pathlib.Path(words[0]).name}: status {result.returncode}: {said[-400:]}"


def attempt(suite, folder, name, work, first=()):
    """Compile, link and run one test with each archive; None, or what went wrong. `first` are
    objects before ours.
    """
    stem = work / name.replace("/", "_")
    flags = [*FLAGS, *suite.flags(folder, name)]
    objects = []
    for number, source in enumerate([name, *suite.more(name)]):
        if not (folder / source).exists():
            continue
        objects.append(f"{stem}.{number}.o")
        said = complaint(["clang", *flags, "-c", folder / source, "-o", objects[-1]])
        if said:
            return said
    for archive in ARCHIVES:
        program = f"{stem}.{archive.stem}"
        said = complaint([*LINK, "-o", program, *first, "--whole-archive", archive,
                          "--no-whole-archive", *objects]) or complaint([program])
        if said:
            return said
    return None


def run_all(suite, names, work, first=()):
    """{name: None or what went wrong}, some at a time."""
    tree.need("clang", "ld.lld")
    folder = suite.folder()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        said = pool.map(lambda name: attempt(suite, folder, name, work, first), names)
        return dict(zip(names, said))


def deaf(work):
    """An object in which each of our functions, under our names, ends the program at once."""
    listed = proofs.output_of("llvm-nm", "--defined-only", *ARCHIVES)
    names = {line.split()[-1] for line in listed.splitlines() if re.search(OURS, line)}
    source, output = work / "deaf.c", work / "deaf.o"
    source.write_text("".join(f"void {name}(void) {{ __builtin_trap(); }}\n" for name in names))
    assert len(names) > 20 and complaint(["clang", *FLAGS, "-c", source, "-o", output]) is None
    return output


def assert_passes(suite, names, work):
    """What is not left out passes, and does so by our functions: without them it does not. What is
    left out is there, and has a cause. The numbers are those of the page.
    """
    left_out = suite.left_out()
    runs = [name for name in names if name not in left_out]
    assert sorted(set(left_out) - set(names)) == [], "left out, but not there"
    said = run_all(suite, names, work)
    failed = [f"{name}: {said[name]}" for name in runs if said[name]]
    assert not failed, "\n".join(failed)
    without = run_all(suite, [name for name in names if said[name] is None], work, [deaf(work)])
    assert [name for name in runs if without[name] is None] == [], "call none of our functions"
    assert [name for name in left_out if without.get(name)] == [], "left out, but pass by ours"
    page = (proofs.ROOT / "docs/kernel/freestanding.md").read_text()
    assert f"| {suite.name} | {len(runs)} | {len(left_out)} |" in page


def assert_finds(suite, name, wrong, work):
    """A test fails when one function is wrong; `wrong` is its C text."""
    source, output = work / "wrong.c", work / "wrong.o"
    source.write_text(f"typedef __SIZE_TYPE__ size_t;\n{wrong}\n")
    assert complaint(["clang", *FLAGS, "-c", source, "-o", output]) is None
    said = attempt(suite, suite.folder(), name, work, first=[output])
    assert said and "status" in said, f"{name} did not mind {wrong}"
