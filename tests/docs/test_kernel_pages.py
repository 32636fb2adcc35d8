#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""docs/kernel.md and the pages of docs/kernel: each quoted line is said by the boot that the page
names, and each test that the chapters name is there."""
import functools
import pathlib
import re
import subprocess
import sys

import pytest

import quotes

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/vm"))

from vmlib import boots, images, paths  # noqa: E402
from vmlib.qemu import Qemu  # noqa: E402

PAGES = [ROOT / "docs/kernel.md", *sorted((ROOT / "docs/kernel").glob("*.md"))]
ENDS = re.compile(r"\b(?:selftest|exit|panic=exit)\b")
HALTED = r"coldstart: after a panic: halt"
PROMPT = r"Type help for the commands\."
NAMED = re.compile(r"`((?:[a-z0-9-]+\.)+[a-z0-9_-]+)`")
CHAPTERS = ROOT / "docs/kernel/chapters.md"


@functools.lru_cache(maxsize=None)
def said(cmdline, qemu, typed):
    """All that one boot says on its serial port."""
    image = images.changed(config=images.config(cmdline))
    with Qemu(image, cpu="max", extra=qemu) as vm:
        if ENDS.search(cmdline):
            vm.wait_exit()
        elif typed:
            vm.wait_for(PROMPT)
            vm.type(f"{typed}\rexit\r")
            vm.wait_exit()
        else:
            vm.wait_for(f"{PROMPT}|{HALTED}")
        return vm.serial


def all_quotes():
    for page in PAGES:
        for number, quote in enumerate(quotes.quotes(page.read_text()), start=1):
            yield pytest.param(quote, id=f"{page.stem}-{number}")


@pytest.mark.parametrize("quote", all_quotes())
def test_what_a_page_quotes_is_said(quote):
    log = said(quote.cmdline, quote.qemu, quote.typed)
    absent = quotes.missing(quote.text, log)
    assert absent is None, f"not said in its place: {absent}\n{log}"


def test_every_page_quotes_or_names_tests():
    assert [page.name for page in PAGES
            if not quotes.quotes(page.read_text()) and not NAMED.search(page.read_text())] == []


def test_the_tests_that_the_chapters_name_are_there():
    tap = re.findall(r"(?m)^ok \d+ - (\S+)", said("selftest", (), ""))
    listed = subprocess.run(["ctest", "--test-dir", str(paths.BUILD), "-N"], text=True,
                            capture_output=True, check=True).stdout
    known = {*tap, *re.findall(r"Test +#\d+: (\S+)", listed)}
    rows = [line for line in CHAPTERS.read_text().splitlines() if line.startswith("|")]
    named = {name for row in rows for name in NAMED.findall(row)}
    assert len(named) >= 30
    assert sorted(named - known) == []


@pytest.mark.parametrize("text, log, absent", [
    ("a 1\nb\n", "x\na 1\nb\n", None),
    ("a …\nb\n", "a 77 z\nb\n", None),
    ("a\n…\nc\n", "a\nb\nb\nc\n", None),
    ("a\nc\n", "a\nb\nc\n", "c"),
    ("a\n", "ab\n", "a"),
    ("b\na\n", "a\nb\n", "a"),
])
def test_a_wrong_quotation_is_seen(text, log, absent):
    assert quotes.missing(text, log) == absent


def test_how_a_quotation_is_seen():
    page = "<!-- boot: selftest=x -- -cpu max -->\n```text\na\n```\n<!-- boot: ; type: mem -->\n```text\nb\n```\n"
    assert quotes.quotes(page) == [quotes.Quote("selftest=x", ("-cpu", "max"), "", "a\n"),
                                   quotes.Quote("", (), "mem", "b\n")]
    with pytest.raises(AssertionError):
        quotes.quotes("<!-- boot: a -->\n\nno block\n")
