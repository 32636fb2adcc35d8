#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""--check says of a kernel what the loader says of it, word for word: each kernel that tests know to be
bad is judged as a file, put on an image by --force, judged there, and booted.
"""
import pytest

import mkimage
import test_bad_kernel
import test_bad_needs
import test_bad_needs
from vmlib import errors, images, paths

CORPUS = sorted((paths.SOURCE / "tests/corpus/elf64").iterdir())
# How much memory there is, only the machine knows: up to that number the words are the same.
OF_THE_MACHINE = {"more-than-ram", "more-than-exists"}


def forced(kernel):
    return mkimage.make(images.fresh(".img"), "--kernel", kernel, "--no-strip", "--force")


def same_words(kernel, cut=None):
    """The loader's line, after --check has said the same of the file and of the image."""
    image = forced(kernel)
    found = mkimage.check(kernel)
    of_image = mkimage.check(image)
    assert found["kind"] == "kernel" and of_image["kind"] == "disk"
    said = mkimage.loader_says(image)
    assert not found["boots"] and not of_image["boots"], said
    print(said)
    for error in (found["error"], of_image["error"]):
        assert error.split(cut)[0] == said.split(cut)[0] if cut else error == said
    return said


@pytest.mark.parametrize("case", test_bad_kernel.CASES)
def test_same_words(case):
    make, status, _ = test_bad_kernel.CASES[case]
    kernel = images.store(make().bytes(), ".elf")
    said = same_words(kernel, cut=" KiB" if case in OF_THE_MACHINE else None)
    assert said.startswith(f"error E{errors.STATUS[status][0]:02X}: ")


@pytest.mark.parametrize("case", ["a-text-file", "writable-code", "relocation-type", "more-than-ram"])
def test_the_checksum_speaks_first(case):
    """As the loader has it: a file that is not the one that was meant may ask for anything."""
    data = test_bad_kernel.CASES[case][0]().bytes()
    config = images.config("", crc32c="/boot/kernel.elf 1a2b3c4d")
    image = images.changed(config=config, kernel=data)
    said = mkimage.loader_says(image)
    assert said.startswith("error E60: ") and mkimage.check(image)["error"] == said


@pytest.mark.parametrize("case", test_bad_needs.MALFORMED)
def test_same_words_about_a_note(case):
    notes, _ = test_bad_needs.MALFORMED[case]
    same_words(images.store(test_bad_needs.kernel(*notes), ".elf"))


def test_same_words_about_a_newer_protocol():
    note = test_bad_needs.ours(version=9)
    assert "protocol" in same_words(images.store(test_bad_needs.kernel(note), ".elf"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_corpus(path):
    if mkimage.check(path)["boots"]:
        image = mkimage.make(images.fresh(".img"), "--kernel", path, "--no-strip")
        assert mkimage.check(image)["boots"]
        assert mkimage.loader_accepts(image)
    else:
        same_words(path)


def test_some_of_the_corpus_is_fine_and_some_is_not():
    boots = [mkimage.check(path)["boots"] for path in CORPUS]
    assert 3 < sum(boots) < len(boots) - 3


def test_what_it_says_of_a_good_kernel():
    for name, kind in (("probe_high", "ET_EXEC"), ("probe_dynamic", "ET_DYN")):
        found = mkimage.check(paths.KERNELS / f"{name}.elf")
        kernel = found["kernel"]
        assert found["boots"] and kernel["type"] == kind
        assert (int(kernel["slide"], 16) != 0) == (kind == "ET_DYN")
        entry = int(kernel["entry"], 16)
        code = [segment for segment in kernel["segments"]
                if int(segment["address"], 16) <= entry
                < int(segment["address"], 16) + segment["memory_bytes"]]
        assert [segment["permissions"] for segment in code] == ["r-x"]
        assert kernel["memory_bytes"] % 4096 == 0
        assert kernel["memory_bytes"] >= sum(segment["memory_bytes"]
                                             for segment in kernel["segments"])


def test_text_says_the_line_and_the_cure(tmp_path):
    text = tmp_path / "k.elf"
    text.write_text("not an ELF file\n")
    result = mkimage.call("--check", text)
    assert result.returncode == 1
    assert "  error E50: not an ELF file, /boot/kernel.elf, coldstart.cfg line 12\n" in result.stdout
    assert "  What to do: `kernel` must name an ELF64 executable" in result.stdout


@pytest.mark.parametrize("path, words", [("/nowhere/k.elf", "No such file"), ("/tmp", "measure")])
def test_what_cannot_be_looked_at(path, words):
    result = mkimage.call("--check", path)
    assert result.returncode == 1 and words in result.stderr and result.stdout == ""
