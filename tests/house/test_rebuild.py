# SPDX-License-Identifier: MIT
"""A copy of the tree, in another folder with a space in its name, builds the very same bytes; and
a second build has nothing to do."""

import shutil

import pytest

import tree

PRODUCTS = ["stage1.bin", "stage2.bin", "stage2.elf", "kernel.elf", "coldstart.img"]


@pytest.fixture(name="copy", scope="module")
def built_copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("another place") / "the tree"
    for path in tree.files():
        target = folder / path.relative_to(tree.ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    result = tree.run([folder / "tools/build"], cwd="/")
    assert result.returncode == 0, result.stdout + result.stderr
    yield folder
    shutil.rmtree(folder)


def test_the_same_bytes(copy):
    different = [name for name in PRODUCTS
                 if (copy / "build" / name).read_bytes() != (tree.BUILD / name).read_bytes()]
    assert different == []


def test_every_binary_has_its_map_and_listing(copy):
    for stem in ("stage1", "stage2", "kernel"):
        for suffix in (".map", ".lst", ".sym"):
            assert (copy / "build" / (stem + suffix)).stat().st_size > 100, stem + suffix


def test_a_second_build_has_nothing_to_do(copy):
    result = tree.run([copy / "tools/build"], cwd="/")
    assert result.returncode == 0 and "no work to do" in result.stdout


def test_a_changed_constant_reaches_everything(copy):
    """One line of one header changes, and stage 1, stage 2 and the link scripts follow."""
    header = copy / "include/boot/low_memory.h"
    header.write_text(header.read_text() + "\n")
    result = tree.run(["ninja", "-C", copy / "build", "-n", "-v"])
    for product in ("constants.inc", "stage1.bin", "stage2.elf", "kernel.elf", "coldstart.img"):
        assert product in result.stdout
