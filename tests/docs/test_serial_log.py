#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The boot that the README shows is one that happens: kept log against a fresh one.

Numbers and what depends on them (sizes, times, build ids, column widths) may differ; the words and
their order may not.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/vm"))

from vmlib import boots, paths, portrait  # noqa: E402
from vmlib.qemu import Qemu  # noqa: E402

KEPT = ROOT / "docs/serial.log"
RENEW = "PYTHONPATH=tests/vm python3 -m vmlib.portrait"


def until_ready(text):
    end = re.search(boots.READY, text)
    return text[: end.end()]


def test_a_fresh_boot_says_what_the_kept_log_says():
    with Qemu(paths.IMAGE, machine="q35", cpu="max") as vm:
        vm.wait_for(boots.READY)
        fresh = until_ready(vm.serial)
    assert portrait.words(fresh) == portrait.words(until_ready(KEPT.read_text())), f"stale? renew by: {RENEW}"


def test_the_readme_quotes_the_kept_log():
    quoted = portrait.QUOTE.search((ROOT / "README.md").read_text()).group(0)
    assert quoted == portrait.quote(KEPT.read_text()), f"stale? renew by: {RENEW}"


def test_a_missing_word_is_seen():
    assert portrait.words("a20: was on 12h\n") == portrait.words("a20:  was on 7Fh\n")
    assert portrait.words("a20: was on\n") != portrait.words("a20: was off\n")
