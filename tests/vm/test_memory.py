#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Memory: 16 MiB, 64 GiB, across the 4 GiB hole, too little. Rubbish in it: the campaign poison."""
import pytest

from vmlib import boots, images, probe_elf

KIB, MIB, GIB = 1024, 1024 * 1024, 1024 * 1024 * 1024
LEAST_MIB = 16
FIRMWARE_KEEPS = 2 * MIB  # SeaBIOS's own tables at the top of RAM, and the hole below 1 MiB


def image(elf, **lines):
    return images.changed(config=images.config("", **lines), kernel=elf.bytes(), size="160M")


@pytest.fixture(scope="module")
def small():
    return image(probe_elf.probe())


@pytest.mark.parametrize("machine, mib", [("pc", 16), ("pc", 17), ("pc", 256), ("q35", 2048),
                                          ("pc", 4096), ("q35", 8192), ("q35", 65536)])
def test_all_memory_is_found(small, machine, mib):
    found = boots.probe(small, machine=machine, memory=mib)
    missing = mib * MIB - found["ram_bytes"]
    print(f"{mib} MiB: {found['ram_bytes'] // KIB} KiB RAM, {found['usable_bytes'] // KIB} usable")
    assert 0 <= missing <= FIRMWARE_KEEPS


def test_one_mib_kernel_in_the_least_memory():
    boots.probe(image(probe_elf.probe(file_bytes=MIB - 512)), memory=LEAST_MIB)


def test_too_little_says_how_much():
    disk = image(probe_elf.probe(file_bytes=24 * MIB))
    line = boots.error(disk, "BOOT_E_LITTLE_MEMORY", r"needs \d+ KiB, \d+ KiB are free",
                       memory=LEAST_MIB)
    assert "kernel" in line


def test_as_much_as_it_says_is_enough():
    """The number in the message is honest: with that much more, the same kernel boots."""
    disk = image(probe_elf.probe(file_bytes=24 * MIB))
    boots.probe(disk, memory=LEAST_MIB + 24)
