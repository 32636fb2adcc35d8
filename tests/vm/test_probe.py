#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every promise of boot protocol 1, checked by a foreign kernel that knows only boot_info.h."""
import zlib

import pytest

from vmlib import bochs, boots, elf_edit, images, probe_elf

KIB, MIB = 1024, 1024 * 1024
KINDS = [probe_elf.LOW, probe_elf.HIGH, probe_elf.DYNAMIC]
CPUS = ["qemu64", "qemu64,-nx", "max", "max,la57=off", "EPYC"]
SEGMENTS_MOST = 32


def image(elf, **options):
    cmdline = options.pop("cmdline", "probe me")
    return images.changed(config=images.config(cmdline), kernel=elf.bytes(), **options)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cpu", CPUS)
def test_promises(kind, cpu):
    found = boots.probe(image(probe_elf.probe(kind)), cpu=cpu)
    print(f"{kind} on {cpu}: {found['checks']} promises kept, slide {found['kernel_slide']:x}h")
    assert (found["kernel_slide"] != 0) == (kind == probe_elf.DYNAMIC)
    assert found["cmdline"] == "probe me"


@pytest.mark.parametrize("kind", KINDS)
def test_promises_in_bochs(kind):
    status, vm = bochs.finished(image(probe_elf.probe(kind)))
    assert "probe: ok" in vm.serial, f"{status} {vm.tail()}"
    assert vm.serial.strip() in vm.e9.replace("\r", "")


def test_two_different_seeds():
    disk = image(probe_elf.probe())
    assert boots.probe(disk)["serial"]  # the seed itself is checked by the probe


def test_command_line_of_full_length():
    longest = "x" * 1000 + " end"
    found = boots.probe(image(probe_elf.probe(), cmdline=longest))
    assert found["cmdline"] == longest


def test_empty_command_line():
    assert "probe: cmdline \n" in boots.probe(image(probe_elf.probe(), cmdline=""))["serial"]


def test_as_many_segments_as_allowed():
    elf = probe_elf.probe().move_headers_to_end(SEGMENTS_MOST)
    for index in range(SEGMENTS_MOST - len(elf.find(elf_edit.PT_LOAD))):
        elf.add_segment(flags=elf_edit.PF_R | elf_edit.PF_W, offset=0, filesz=0,
                        vaddr=0x10000000 + index * 0x2000, memsz=0x1800)
    found = boots.probe(image(elf))
    assert found["segment_count"] == SEGMENTS_MOST


def test_a_segment_of_zeros_only():
    elf = probe_elf.probe().move_headers_to_end(1)
    elf.add_segment(flags=elf_edit.PF_R | elf_edit.PF_W, offset=0, filesz=0, vaddr=0x20000000,
                    memsz=40 * MIB)
    assert boots.probe(image(elf))["segment_count"] == 5


def test_modules():
    contents = {"/one.bin": b"a", "/two.bin": bytes(range(256)) * 700, "/empty.bin": b"",
                "/A long module name.data": b"long" * 3000}
    named = ["/one.bin first", "/two.bin", "/empty.bin nothing"]
    lines = images.config("", module=named)
    disk = images.changed(config=lines, kernel=probe_elf.probe().bytes(), files=contents)
    found = boots.modules(boots.probe(disk)["serial"])
    assert found == [(name, len(contents[path]), zlib.crc32(contents[path]))
                     for name, path in [("first", "/one.bin"), ("two.bin", "/two.bin"),
                                        ("nothing", "/empty.bin")]]


def test_sixteen_modules():
    contents = {f"/m{index}.bin": bytes([index]) * (index * 1000 + 1) for index in range(16)}
    lines = images.config("", module=list(contents))
    disk = images.changed(config=lines, kernel=probe_elf.probe().bytes(), files=contents)
    found = boots.modules(boots.probe(disk)["serial"])
    assert [crc for _, _, crc in found] == [zlib.crc32(data) for data in contents.values()]
