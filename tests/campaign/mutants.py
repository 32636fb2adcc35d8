#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every workaround, disabled one at a time: the source is changed in one place, built, and the test
that the catalogue names for its quirk must fail. A workaround that nobody would miss is either
needless or untested.

Works on copies of the tree, one a job; this one is not touched. `--write` renews docs/firmware.md.
"""
import itertools
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading

import campaign
import firmware_page
import workarounds
from vmlib import paths

TITLE = "each workaround disabled, its test must fail"
PARTS = ["stage1", "stage2", "kernel", "include", "tools", "disk", "tests", "docs"]
FILES = ["CMakeLists.txt", "README.md"]
TARGETS = ["boot", "watchdog", "boot_count", "tests_crc32c", "stage1_tests", "emulated_stage1",
           "emulated_stage2"]
TEST_GUARD_S = 300


class Tree:
    """A copy of the sources with a build folder of its own, in which one line at a time is wrong."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder)
        for part in PARTS:
            shutil.copytree(paths.SOURCE / part, self.root / part, symlinks=True)
        for file in FILES:
            shutil.copy(paths.SOURCE / file, self.root / file)
        self.build = self.root / "build"
        self.run("cmake", "-S", self.root, "-B", self.build, "-G", "Ninja",
                 "-DCMAKE_C_COMPILER=clang", "-DCOLDSTART_IMAGE_OPTIONS=--force")
        self.make(TARGETS)

    def run(self, *words, **options):
        return subprocess.run([str(word) for word in words], text=True, capture_output=True,
                              check=True, **options)

    def make(self, targets):
        self.run("cmake", "--build", self.build, "--target", *targets)

    def test(self, words):
        """Whether this test passes on this tree's products; and what it said."""
        environment = {**os.environ, "COLDSTART_BUILD": str(self.build),
                       "PYTHONPATH": f"{paths.SOURCE}/tests/campaign:{paths.SOURCE}/tests/vm",
                       "PYTHONDONTWRITEBYTECODE": "1"}
        words = [word.format(build=self.build, source=self.root) for word in words]
        try:
            result = subprocess.run(words, text=True, capture_output=True, env=environment,
                                    timeout=TEST_GUARD_S, cwd=self.root)
        except subprocess.TimeoutExpired:
            return False, "the guard's time is over"
        return result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]

    def attempt(self, mutant):
        """Does the mutant's test fail on the changed tree?"""
        originals = {}
        try:
            for edit in mutant.edits:
                path = self.root / edit.file
                originals.setdefault(path, path.read_text())
                path.write_text(edit.apply(path.read_text()))
            self.make(TARGETS)
            return self.test(mutant.test)
        finally:
            for path, text in originals.items():
                path.write_text(text)


class Trees:
    """As many copies as there are attempts at once, made when first wanted."""

    def __init__(self):
        self.holder = tempfile.TemporaryDirectory(prefix="coldstart-mutants-")
        self.idle = queue.SimpleQueue()
        self.numbers = itertools.count()

    def take(self):
        try:
            return self.idle.get_nowait()
        except queue.Empty:
            return Tree(f"{self.holder.name}/{next(self.numbers)}")

    def give_back(self, tree):
        self.idle.put(tree)


TREES_LOCK = threading.Lock()


def trees():
    """One set for all attempts."""
    with TREES_LOCK:
        if not hasattr(trees, "all"):
            trees.all = Trees()
        return trees.all


def cases():
    return workarounds.MUTANTS


def attempt(mutant):
    tree = trees().take()
    try:
        passed, said = tree.attempt(mutant)
    except subprocess.CalledProcessError as error:
        return campaign.Verdict(False, "does not build", f"{error}\n{error.stdout[-3000:]}")
    finally:
        trees().give_back(tree)
    return campaign.Verdict(not passed, "survived" if passed else "killed", said if passed else "")


def main():
    """The campaign; with --write the page is made of its results."""
    write = "--write" in sys.argv
    if write:
        sys.argv.remove("--write")
    return campaign.run(sys.modules[__name__], use=firmware_page.write if write else None)


if __name__ == "__main__":
    sys.exit(main())
