# SPDX-License-Identifier: MIT
"""Every stack of the kernel and of stage 2's 64-bit code is larger than the deepest chain of calls on
it. Printed with -s: the table, and each deepest chain."""

import re
import shutil

import pytest

import depth
import measured
import page
import program

IMAGES = ("kernel", "stage2")
RELEASE = re.compile(r"clang version (\d+)")
# The page's figures are those of the release the source is held to, and of the default build.
PAGE_RELEASE = "14"
SLACK_BYTES = 2048


@pytest.fixture(autouse=True)
def tools():
    for tool in ("llvm-objdump", "llvm-symbolizer"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")


def test_every_stack_is_deep_enough():
    for each in measured.depths():
        print(f"{each.entry.image:7} {each.entry.name:14} {each.bytes:6} bytes "
              f"+ {each.reserve:5} in reserve, of {each.stack:6}: {' > '.join(each.chain)}")
    assert [each for each in measured.depths()
            if depth.overflows(each.bytes, each.reserve, each.stack)] == []


@pytest.mark.parametrize("image", IMAGES)
def test_every_call_leads_somewhere(image):
    """Calls through pointers are listed, names in the list are there, no stack is left unsaid."""
    assert sorted(measured.read(image).problems) == []


@pytest.mark.parametrize("image", IMAGES)
def test_no_line_of_the_list_is_stale(image):
    assert measured.read(image).stale() == []


@pytest.mark.parametrize("image", IMAGES)
def test_no_frame_grows_at_run_time(image):
    known, dynamic = program.read_usage(measured.usage_files(image))
    assert len(known) > 100
    assert sorted(set(dynamic) - set(measured.read(image).tables.grows)) == []


@pytest.mark.parametrize("image", IMAGES)
def test_the_disassembly_agrees_with_the_compiler(image):
    """Each frame is the compiler's, or larger by the arguments that are pushed for a call."""
    known, _ = program.read_usage(measured.usage_files(image))
    read = measured.read(image)
    frames = [(read.names[at], frame.own) for at, frame in read.frames.items()
              if read.names[at] in known]
    assert [(name, own, known[name]) for name, own in frames if own < min(known[name])] == []
    equal = [name for name, own in frames if own in known[name]]
    assert len(frames) > 100 and len(equal) > len(frames) * 9 / 10


def test_the_self_tests_are_among_it():
    names = set(measured.read("kernel").names[at] for at in measured.read("kernel").frames)
    assert sum(name.startswith("selftest_run_") for name in names) > 30


def test_the_page_has_these_figures():
    cache = (measured.BUILD / "CMakeCache.txt").read_text()
    if re.search(r"COLDSTART_(UBSAN|KASAN):BOOL=ON", cache):
        pytest.skip("the page is about the default build")
    compiler = re.search(r"CMAKE_C_COMPILER:\w+=(.*)", cache).group(1)
    release = RELEASE.search(measured.output([compiler, "--version"]))
    if release is None or release.group(1) != PAGE_RELEASE:
        pytest.skip(f"the page is about clang {PAGE_RELEASE}")
    rows = page.rows(page.PAGE.read_text())
    assert set(rows) == {(each.entry.image, each.entry.name) for each in measured.depths()}
    for each in measured.depths():
        function, most, reserve, stack = rows[each.entry.image, each.entry.name]
        assert (function, stack) == (each.entry.function, each.stack)
        for computed, said in ((each.bytes, most), (each.reserve, reserve)):
            assert computed <= said < computed + SLACK_BYTES, \
                f"{each.entry.name}: {computed} bytes, the page says {said}: tests/stack/page.py"
