#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The tools of the other VM tests, proved on boot sectors whose behaviour is known by heart."""
import pytest

from vmlib import bochs, boots, count, elf_edit, floor, images, paths, probe_elf, screen
from vmlib.machine import Hang
from vmlib.qemu import ATTACHMENTS, PASSED, Qemu

MIB = 1024 * 1024
DISK_BYTES = 64 * MIB
SECTOR = 512

# tests/kernels/counted.asm, added up by hand from its comments.
COUNTED = {"loop": 7, "reads": 7 + 2 * 1000 + 301 + 5, "stop": 2313 + 7 * 5 + 2}
COUNTED_MARKS = [("loop", 0x7C40), ("reads", 0x7C80)]
COUNTED_STOP = 0x7D00
COUNTED_READS = 5


def disk(sector):
    path = images.fresh(".img")
    path.write_bytes((paths.KERNELS / sector).read_bytes())
    with open(path, "r+b") as file:
        file.truncate(DISK_BYTES)
    return path


@pytest.mark.parametrize("attachment", ["ahci", "ide", "virtio"])
def test_plugin_counts_what_was_counted_by_hand(attachment):
    image = disk("counted.bin")
    for _ in range(3):
        readings = count.boot(image, COUNTED_STOP, COUNTED_MARKS, disk=attachment)
        assert {name: readings[name].instructions for name in COUNTED} == COUNTED
        assert readings["stop"].disk_calls == COUNTED_READS
    print(f"counted {COUNTED['stop']} instructions and {COUNTED_READS} disk calls, three times")


def test_plugin_splits_into_phases():
    readings = count.boot(disk("counted.bin"), COUNTED_STOP, COUNTED_MARKS)
    assert count.phases(readings) == [("start", 7), ("loop", 2306), ("reads", 37)]


def test_plugin_waits_for_a_stop_that_never_comes():
    with pytest.raises(AssertionError, match="does not end"):
        count.boot(disk("counted.bin"), 0x12345678, guard=3)


def test_floor_reads_every_sector_once():
    image = floor.make(disk("counted.bin"), [(1, 127), (2048, 2 * 127 + 1)], images.fresh(".img"))
    readings = count.boot(image, floor.DONE)
    assert readings["stop"].disk_calls == 1 + 3
    with Qemu(image) as vm:
        statistics = vm.qmp.call("query-blockstats")
        assert statistics
        while vm.disk_statistics()["rd_bytes"] < (1 + 127 + 255) * SECTOR:
            pass
        assert vm.disk_statistics()["rd_bytes"] == (1 + 127 + 255) * SECTOR
        assert vm.disk_statistics()["wr_operations"] == 0


@pytest.mark.parametrize("attachment", ["ahci", "ide", "virtio"])
def test_a_write_is_seen(attachment):
    """What other tests rely on when they find that a boot wrote nothing."""
    image = disk("writer.bin")
    with Qemu(image, disk=attachment, writable=True) as vm:
        assert vm.wait_exit() == PASSED
    assert image.read_bytes()[SECTOR:SECTOR + 2] == b"\x57\x52"
    with Qemu(image, disk=attachment, exit_device=False) as vm:
        boots.until(lambda: vm.disk_statistics()["wr_operations"] == 1, "a write in the statistics")


def test_a_hang_is_reported_with_the_log():
    with Qemu(disk("counted.bin")) as vm:
        with pytest.raises(Hang, match="nothing for too long before 'no such line'"):
            vm.wait_for("no such line", guard=1)
        assert vm.process.poll() is None
    assert vm.process.poll() is not None


def test_bochs_starts_and_is_ended():
    with bochs.Bochs(disk("counted.bin"), script="pb 0x7d00\nc\nr\n") as vm:
        vm.wait_exit()
    assert "7d00" in vm.emulator_log, vm.tail()


def test_text_screen_is_decoded():
    memory = bytearray(b" \x07" * (80 * 25))
    memory[0:160:2] = b"x" * 80
    memory[160:164] = b"y\x07z\x07"
    lines = screen.text_lines(memory)
    assert lines[:3] == ["x" * 80, "yz", ""]
    assert screen.unwrapped(lines).startswith("x" * 80 + "yz\n\n")


def test_probe_grows_to_the_byte():
    for kind in (probe_elf.LOW, probe_elf.HIGH, probe_elf.DYNAMIC):
        elf = probe_elf.probe(kind, 64 * 1024)
        assert len(elf.data) == 64 * 1024
        last = elf.find(elf_edit.PT_LOAD)[-1]
        assert elf.segment_get(last, "offset") + elf.segment_get(last, "filesz") == 64 * 1024


def test_every_attachment_is_known_to_this_qemu():
    image = disk("counted.bin")
    for attachment in ATTACHMENTS:
        with Qemu(image, disk=attachment) as vm:
            assert vm.qmp.call("query-status")["running"]
