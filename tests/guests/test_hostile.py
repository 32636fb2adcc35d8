#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A loader that lies to the kernel: every lie ends in a sentence on all three voices and a halt, the
truth by the same way in a boot.
"""
import pytest

import guest
import hostile
from hostile import BLOCK_PHYS, MIB, block, memory_entry, memory_tag, module_tag, start_info, tag
from vmlib import boots, images, paths

PAGE = 4096

MULTIBOOT2 = {
    "no-memory-map": (block(hostile.text_tag(1, "exit")), "gives no memory map"),
    "empty-map": (block(memory_tag(())), "gives no memory map"),
    "tag-runs-out": (block(memory_tag(), tag(1, b"a", size=0x7FFFFFFF)), "runs out of"),
    "tag-of-nothing": (block(memory_tag(), tag(1, b"", size=0)), "runs out of"),
    "no-end": (block(memory_tag(), end=False), "ends before its tags do"),
    "short-entries": (block(tag(6, bytes(24))), "too short"),
    "many-entries": (block(memory_tag([memory_entry(i * MIB, MIB) for i in range(300)])),
                     "more entries"),
    "many-modules": (block(memory_tag(), *[module_tag(8 * MIB, 8 * MIB + 1)] * 17), "more modules"),
    "module-backwards": (block(memory_tag(), module_tag(8 * MIB, 7 * MIB)), "ends before"),
    "module-in-kernel": (block(memory_tag(), module_tag(0x210000, 0x211000)), "in the kernel"),
    "module-around-kernel": (block(memory_tag(), module_tag(MIB, 16 * MIB)), "in the kernel"),
    "module-above-memory": (block(memory_tag(), module_tag(0xF0000000, 0xF0001000)),
                            "no free memory"),
    "modules-overlap": (block(memory_tag(), module_tag(8 * MIB, 9 * MIB),
                              module_tag(8 * MIB + PAGE, 8 * MIB + 2 * PAGE)), "another module"),
    "kernel-in-no-memory": (block(memory_tag([memory_entry(0, 0x9F000),
                                              memory_entry(4 * MIB, 8 * MIB)])), "the kernel lies"),
    "kernel-in-reserved": (block(memory_tag([*hostile.GOOD_MEMORY,
                                             memory_entry(0x210000, 1, hostile.RESERVED)])),
                           "the kernel lies"),
    "little-memory": (block(memory_tag([memory_entry(2 * MIB, 0xE0000)])), "too little memory"),
    "little-for-a-module": (block(memory_tag([memory_entry(2 * MIB, 2 * MIB)]),
                                  module_tag(3 * MIB + 1, 4 * MIB - 1)), "the copy of a module"),
    "long-command-line": (block(memory_tag(), hostile.text_tag(1, "a" * 4000)), "command line"),
    "huge-block": (b"\xff\xff\xff\x7f\0\0\0\0", "no sensible size"),
}

PVH = {
    "wrong-magic": (start_info(magic=1), "wrong magic"),
    "version-0": (start_info(version=0), "version 0"),
    "no-memory-map": (start_info(memory=()), "gives no memory map"),
    "many-entries": (start_info(memory_count=100000), "more entries"),
    "modules-nowhere": (start_info(modules=(1, 1 << 60)), "list of modules lies"),
    "command-line-nowhere": (start_info(cmdline=1 << 40), "command line"),
    "module-in-kernel": (start_info(modules=(1, BLOCK_PHYS)), "no free memory|below 4 GiB"),
}


@pytest.mark.parametrize("name", MULTIBOOT2)
def test_multiboot2_lie(name):
    data, says = MULTIBOOT2[name]
    assert says in guest.refusal(hostile.machine("foreign_multiboot2", data))


@pytest.mark.parametrize("name", PVH)
def test_pvh_lie(name):
    data, says = PVH[name]
    found = guest.refusal(hostile.machine("foreign_pvh", data))
    assert any(part in found for part in says.split("|"))


@pytest.mark.parametrize("label, ebx, says", [
    ("foreign_multiboot2", BLOCK_PHYS + 4, "not 8-byte aligned"),
    ("foreign_multiboot2", 0x208000, "in the kernel"),
    ("foreign_multiboot2", 0xFFFFFFF8, "no sensible size"),
    ("foreign_pvh", 0x208000, "in the kernel"),
    ("foreign_pvh", 0xFFFFFFF0, "nothing can be read"),
])
def test_pointer_lies(label, ebx, says):
    assert says in guest.refusal(hostile.machine(label, block(memory_tag()), ebx=ebx))


def test_wrong_magic_in_eax():
    vm = hostile.machine("foreign_multiboot2", block(memory_tag()), eax=0x2BADB002)
    assert "no Multiboot2 loader" in guest.refusal(vm)


def test_block_that_reaches_into_the_kernel():
    data = MIB.to_bytes(8, "little")
    vm = hostile.machine("foreign_multiboot2", data, ebx=0x180000, at=0x180000)
    assert "or into the kernel" in guest.refusal(vm)


def test_refusal_is_said_on_all_three():
    with hostile.machine("foreign_multiboot2", MULTIBOOT2["no-memory-map"][0]) as vm:
        line = vm.wait_for(guest.CANNOT).group(0).rstrip("\n")
        boots.until(lambda: vm.e9 == vm.serial, "port E9h says what serial says")
        boots.until(lambda: boots.shown(line, vm), "the line on the screen")


@pytest.mark.parametrize("label, data", [
    ("foreign_multiboot2", block(memory_tag(), hostile.text_tag(1, "selftest exit"))),
    ("foreign_pvh", start_info() + bytes(8)),
], ids=["multiboot2", "pvh"])
def test_the_truth_boots(label, data):
    """The same small loader, saying nothing wrong."""
    with hostile.machine(label, data) as vm:
        vm.wait_for(boots.READY)


def test_modules_in_memory_full_of_noise():
    """One that can stay, one that starts in the middle of a page: a zero byte behind each."""
    noise = b"\xa5" * (4 * PAGE)
    start = BLOCK_PHYS + PAGE
    told = block(memory_tag(), module_tag(start, start + 5000, "stays"),
                 module_tag(start + 2 * PAGE + 1, start + 3 * PAGE, "moves"))
    data = told + bytes(PAGE - len(told)) + noise
    with hostile.machine("foreign_multiboot2", data) as vm:
        guest.assert_modules(vm, [("stays", noise[:5000]), ("moves", noise[:PAGE - 1])])


@pytest.mark.parametrize("offset, name", [(0, "magic"), (12, "checksum"), (24, "entry tag")])
def test_a_damaged_header_is_no_header(offset, name):
    """What grub-file finds is what is there: one byte of the header decides."""
    raw = bytearray(paths.KERNEL.read_bytes())
    start = raw.index(b"\xd6\x50\x52\xe8")
    assert start < 32768 and start % 8 == 0
    raw[start + offset] ^= 0x55
    assert guest.is_multiboot2(images.store(raw, ".elf")) == (name == "entry tag")


def test_a_damaged_note_is_no_note():
    raw = paths.KERNEL.read_bytes()
    note = b"\x04\0\0\0\x04\0\0\0\x12\0\0\0Xen\0"
    assert raw.count(note) == 1
    damaged = images.store(raw.replace(note, note.replace(b"\x12", b"\x13")), ".elf")
    with guest.by_pvh(kernel=damaged) as vm:
        assert vm.wait_exit() == 1
    assert "PVH ELF Note" in vm.emulator_log
