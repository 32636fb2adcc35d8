#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A kernel says in a note what it cannot do without. What is not there is named, and the kernel does
not run; a note that is no note is refused; notes of others do no harm.
"""
import struct

import pytest

from vmlib import boots, images, probe_elf
from vmlib.elf_edit import PT_LOAD, note

OWNER, TYPE = "Coldstart", 0xB007
TOP = (1 << 64) - 4096
KIB = 1024
NX, PAGES_1G, RDRAND, ACPI, SMBIOS, EDD, MODULE, TEXT, FRAMEBUFFER = (1 << bit for bit in range(9))


def needs(version=1, info_bytes=400, memory_kib=0, features=0):
    return struct.pack("<IIQQ", version, info_bytes, memory_kib, features)


def ours(align=4, **wanted):
    return note(OWNER, TYPE, needs(**wanted), align)


def kernel(*notes, **fields):
    """A probe kernel with one PT_NOTE for each."""
    elf = probe_elf.probe().move_headers_to_end(len(notes))
    for one in notes:
        elf.add_notes(one, **fields)
    return elf.bytes()


def image(data, cmdline="", **lines):
    files = {"/boot/module": b"a module"} if "module" in lines else None
    return images.changed(config=images.config(cmdline, **lines), kernel=data, files=files)


BUILD_ID = note("GNU", 3, bytes(range(20)))

# name: (notes, status, what the line must say)
MALFORMED = {
    "name-runs-past": ([note(OWNER, TYPE, needs(), name_bytes=60)], "note at byte"),
    "name-of-4-gib": ([note(OWNER, TYPE, needs(), name_bytes=0xFFFFFFFF)], "value FFFFFFFFh"),
    "contents-run-past": ([note(OWNER, TYPE, needs(), contents_bytes=25)], "value 19h"),
    "contents-of-4-gib": ([BUILD_ID + note(OWNER, TYPE, needs(), contents_bytes=0xFFFFFFFC)],
                          "value FFFFFFFCh"),
    "too-short": ([note(OWNER, TYPE, needs()[:16])], "value 10h"),
    "too-long": ([note(OWNER, TYPE, needs() + bytes(8))], "value 20h"),
    "twice-in-one": ([ours() + ours()], "second note at byte"),
    "in-two-headers": ([ours(), BUILD_ID, ours()], "second note at byte"),
    "another-owner-lies": ([note("GNU", 3, b"", contents_bytes=64) + ours()], "note at byte"),
    "too-many-bytes": ([ours() + bytes(8 * KIB)], "program header 4, value 2030h"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_note(case):
    notes, details = MALFORMED[case]
    boots.error(image(kernel(*notes)), "BOOT_E_ELF_NOTE", details)


@pytest.mark.parametrize("fields", [{"offset": TOP}, {"filesz": TOP}, {"offset": 1 << 40}],
                         ids=lambda fields: next(iter(fields)))
def test_a_note_outside_the_file(fields):
    boots.error(image(kernel(ours(), **fields)), "BOOT_E_TRUNCATED", "program header 4")


@pytest.mark.parametrize("wanted, status, details", [
    ({"version": 2}, "BOOT_E_NEEDS_PROTOCOL", "/boot/kernel.elf needs version 2, this is 1$"),
    ({"version": 0xFFFFFFFF, "features": TOP}, "BOOT_E_NEEDS_PROTOCOL", "version 4294967295"),
    ({"info_bytes": 401}, "BOOT_E_NEEDS_PROTOCOL", "a boot_info of 401 bytes, this one has 400$"),
    ({"features": 1 << 40}, "BOOT_E_NEEDS_FEATURE", "feature 40, unknown to this loader$"),
    ({"features": 1 << 63 | FRAMEBUFFER}, "BOOT_E_NEEDS_FEATURE", "feature 63, unknown"),
    ({"memory_kib": 1 << 20}, "BOOT_E_NEEDS_MEMORY", r"needs 1048576 KiB, 26\d{4} KiB are usable$"),
    ({"memory_kib": TOP}, "BOOT_E_NEEDS_MEMORY", f"needs {TOP} KiB"),
    ({"features": MODULE}, "BOOT_E_NEEDS_FEATURE", "needs a module$"),
    ({"features": FRAMEBUFFER | NX}, "BOOT_E_NEEDS_FEATURE", "needs a framebuffer$"),
    ({"features": FRAMEBUFFER | TEXT}, "BOOT_E_NEEDS_FEATURE", "needs a framebuffer$"),
])
def test_what_is_not_there(wanted, status, details):
    boots.error(image(kernel(ours(**wanted))), status, details)


@pytest.mark.parametrize("feature, details, machine", [
    (NX, "needs NX, pages that cannot be executed$", {"cpu": "qemu64,-nx"}),
    (PAGES_1G, "needs 1 GiB pages$", {"cpu": "qemu64,-pdpe1gb"}),
    (RDRAND, "needs RDRAND, a random seed that is secret$", {"cpu": "qemu64,-rdrand"}),
    (ACPI, "needs ACPI tables$", {"machine": "pc,acpi=off"}),
])
def test_a_machine_without_it(feature, details, machine):
    boots.error(image(kernel(ours(features=feature))), "BOOT_E_NEEDS_FEATURE", details, **machine)


def test_a_screen_that_is_text_is_asked_for_before_it_is_gone():
    line = boots.error(image(kernel(ours(features=TEXT)), video="800x600x32"),
                       "BOOT_E_NEEDS_FEATURE", "needs a text screen$")
    assert line.endswith("screen")


def test_the_checksum_speaks_first():
    data = kernel(ours(version=2))
    good = images.crc32c(images.store(data))
    for crc, status in ((good, "BOOT_E_NEEDS_PROTOCOL"), ("1a2b3c4d", "BOOT_E_CRC")):
        boots.error(image(data, crc32c=f"/boot/kernel.elf {crc}"), status)


def test_a_newer_kernel_may_be_one_that_cannot_be_loaded():
    """What it needs is said, not what this loader stumbles over."""
    elf = probe_elf.probe().move_headers_to_end(1)
    elf.add_notes(ours(version=2))
    elf.segment_set(elf.find(PT_LOAD)[1], align=3)
    boots.error(image(elf.bytes()), "BOOT_E_NEEDS_PROTOCOL")


@pytest.mark.parametrize("notes, fields", [
    ([ours()], {}),
    ([ours(8)], {"align": 8}),
    ([BUILD_ID + ours(), note("GNU", 5, bytes(16), 8)], {}),
    ([note(OWNER, TYPE + 1, b"later") + ours() + bytes(11)], {}),
    ([b"\xFF" * 11], {}),
    ([b""], {"offset": TOP}),
], ids=["alone", "wide", "among-others", "unknown-type", "less-than-a-note", "empty"])
def test_a_good_note_changes_nothing(notes, fields):
    boots.probe(image(kernel(*notes, **fields)))


def test_everything_that_is_there_may_be_asked_for():
    there = NX | PAGES_1G | RDRAND | ACPI | SMBIOS | EDD | MODULE | TEXT
    wanted = ours(features=there, memory_kib=250 * KIB)
    boots.probe(image(kernel(wanted), module="/boot/module"), cpu="qemu64,+pdpe1gb,+rdrand")


def test_a_framebuffer_that_is_there():
    boots.probe(image(kernel(ours(features=FRAMEBUFFER)), video="800x600x32"))
