#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Kernels from one sector to 64 MiB; only what is loaded is read, in few calls."""
import pytest

from vmlib import boots, images, paths, probe_elf
from vmlib.qemu import PASSED, Qemu

KIB, MIB = 1024, 1024 * 1024
SIZES = [20 * KIB, 64 * KIB, 512 * KIB + 512, MIB - 512, 4 * MIB, 16 * MIB + 1024, 64 * MIB]
SECTOR = 512
CALLS_PER_MIB, CALLS_MORE = 17, 60
OTHER_READS_BYTES = 512 * KIB  # boot sector, stage 2, FAT, folders, configuration


def image(elf, **options):
    return images.changed(config=images.config(""), kernel=elf.bytes(), size="160M", **options)


@pytest.mark.parametrize("size", SIZES)
def test_size(size):
    elf = probe_elf.probe(file_bytes=size)
    found = boots.probe(image(elf))
    allowed = CALLS_PER_MIB * probe_elf.loaded_bytes(elf) // MIB + CALLS_MORE
    print(f"{size // KIB} KiB: {found['disk_reads']} read calls, {allowed} allowed")
    assert found["kernel_file_bytes"] == size
    assert found["disk_reads"] <= allowed
    assert found["disk_retries"] == 0


def test_one_sector():
    """An ELF file of 512 bytes, header, code and all."""
    disk = image_of_file(paths.KERNELS / "tiny.elf")
    with Qemu(disk) as vm:
        assert vm.wait_exit() == PASSED
    assert "tiny: ok" in vm.e9, vm.tail()


def image_of_file(path):
    return images.changed(config=images.config(""), kernel=path)


@pytest.mark.parametrize("debug", [0, 32 * MIB])
def test_debug_sections_are_not_read(debug):
    elf = probe_elf.probe(file_bytes=256 * KIB, debug_bytes=debug)
    with Qemu(image(elf), exit_device=False) as vm:
        vm.wait_for(r"probe: ok")
        read = vm.disk_statistics()["rd_bytes"]
    print(f"{debug // MIB} MiB of debug sections: {read // KIB} KiB read in all")
    assert read <= 256 * KIB + OTHER_READS_BYTES


def test_with_a_checksum_every_byte_is_read():
    """The other side of the test above: the count of bytes is one that would show it."""
    kernel = images.store(probe_elf.probe(file_bytes=256 * KIB, debug_bytes=32 * MIB).bytes())
    lines = images.config("", crc32c=f"/boot/kernel.elf {images.crc32c(kernel)}")
    with Qemu(images.changed(config=lines, kernel=kernel, size="160M"), exit_device=False) as vm:
        vm.wait_for(r"probe: ok")
        assert vm.disk_statistics()["rd_bytes"] >= 32 * MIB


def test_progress_is_visible_on_a_large_kernel():
    found = boots.probe(image(probe_elf.probe(file_bytes=64 * MIB)))
    line = next(line for line in found["serial"].splitlines() if "loading" in line)
    print(line)
    assert line.endswith("."), "a long load shows nothing"
