# SPDX-License-Identifier: MIT
"""The programs of this folder, what they print, and which tests there are to run."""
import functools
import os
import pathlib
import re
import subprocess

import tree

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("COLDSTART_BUILD", ROOT / "build"))
BARE = BUILD / "tests/bare"
HANG = 300  # seconds after which a program is taken to hang
LISTED = re.compile(r'\{\s*"([a-z0-9][\w-]*\.[\w.-]+)", \w+\s*\},?')
ADJACENT = re.compile(r'"\s*"')  # two strings that C makes one
RESULT = re.compile(r"^(ok|not ok) (\d+) - (\S+)( # SKIP .+)?$")


def run(*words, **options):
    """A finished process, with its output as text."""
    return subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          check=False, timeout=HANG, stdin=subprocess.DEVNULL, **options)


def output_of(*words):
    """What a program that must succeed prints."""
    result = run(*words)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def preprocessed(path):
    """A source as its compiler sees it, for names that a macro puts together."""
    text = output_of("clang", "-E", "-P", "-ffreestanding", f"-I{ROOT}/include", f"-I{ROOT}", path)
    return ADJACENT.sub("", text)


@functools.cache
def tests_in_source():
    """The names of all tests of kernel/proof, in any order."""
    tree.need("clang")
    names = [name for path in sorted((ROOT / "kernel/proof").glob("proof_*.c"))
             for name in LISTED.findall(preprocessed(path))]
    assert len(set(names)) == len(names)
    return set(names)


def results(text):
    """(names that passed, names that failed) of a TAP 13 text, which must be whole."""
    lines = text.splitlines()
    assert lines[0] == "TAP version 13", text
    found = [match for match in map(RESULT.match, lines) if match]
    assert lines[1] == f"1..{len(found)}"
    assert [int(match.group(2)) for match in found] == list(range(1, len(found) + 1))
    passed = {match.group(3) for match in found if match.group(1) == "ok"}
    failed = {match.group(3) for match in found if match.group(1) == "not ok"}
    assert lines[-1] == f"# {len(found)} tests, {len(failed)} failed"
    return passed, failed


def assert_all_pass(result):
    """A process has run every test there is, and none failed."""
    passed, failed = results(result.stdout)
    assert failed == set() and result.returncode == 0, result.stdout
    assert passed == tests_in_source()


def assert_lie_fails(result):
    """A process was asked for the test that fails, and says so."""
    assert results(result.stdout) == (set(), {"bare.false-claim"})
    assert result.returncode == 1
    assert re.search(r"(?m)^# main\.c:\d+: not true: 1 == 2$", result.stdout)


def assert_nothing_fits(result):
    """A process was asked for what there is not: that is no success."""
    assert results(result.stdout) == (set(), set()) and result.returncode == 1


def outside(program):
    """Run a Windows or macOS program in an emulated CPU."""
    return run(BARE / "outside_system", program)


def assert_failure_is_told(program, folder):
    """A digit of what a test expects is another: that test fails, and the status says so."""
    right, wrong = b"18446744073709551615", b"18446744073709551616"
    data = program.read_bytes()
    assert right in data
    changed = folder / program.name
    changed.write_bytes(data.replace(right, wrong))
    result = outside(changed)
    passed, failed = results(result.stdout)
    assert "format.unsigned" in failed and result.returncode == 1
    assert passed | failed == tests_in_source()
