#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The firmware record, taken from several firmwares: that it reads back, and agrees with what the
kernel reports in words.
"""
import re
import struct

import pytest

from vmlib import bochs, boots, images, paths, record, rom
from vmlib.qemu import Qemu

CARRY = 0x01
ENTRY = ("Q1_07C0", "Q2_DL_00", "Q4_SEGMENTS", "Q5_DIRTY", "Q7_SCRIBBLE")
ALWAYS_SET = 0x02  # of FLAGS
FLOPPY_BYTES = 2880 * 1024
EDD_MAGIC, EDD_ROOM, EDD_KEPT = 0xAA55, 30, 32
E820_ROW = re.compile(r"(?m)^ +\d+  ([0-9a-f]{16}) ([0-9a-f]{16}) +(\d+) .{12} +(\d+) +([0-9a-f]+) "
                      r"([0-9a-f]{8})  ([01])$")
ENTRY_ROW = re.compile(r"  entry     DX (\w+)h CS (\w+)h DS (\w+)h ES (\w+)h SS:SP (\w+):(\w+)h "
                       r"FLAGS (\w+)h")
CLOSE_A20 = bytes.fromhex("50 E4 92 24 FD E6 92 58 C3")  # ax kept: port 92h, bit 1 off; ret
A20_BIOS = 2
BAD_COMMAND = 0x01
CONFIG = images.config("record exit")


def from_qemu(**options):
    return boots.ready(images.changed(config=CONFIG), **options).serial


def from_floppy():
    small = images.changed(config=CONFIG, size="16M")
    return boots.ready(images.store(small.read_bytes()[:FLOPPY_BYTES]), disk="floppy").serial


def from_bochs(bios):
    _, vm = bochs.finished(images.changed(config=CONFIG), bios=bios)
    return vm.serial


# name: (how to get the log, drive, how it is read)
MACHINES = {
    "pc-ahci": (from_qemu, 0x80, "edd"),
    "q35-usb": (lambda: from_qemu(machine="q35", disk="usb", memory=1024), 0x80, "edd"),
    "floppy": (from_floppy, 0x00, "chs"),
    "bochs": (lambda: from_bochs("BIOS-bochs-latest"), 0x80, "edd"),
    "bochs-legacy": (lambda: from_bochs("BIOS-bochs-legacy"), 0x80, "edd"),
}


@pytest.fixture(scope="module", params=MACHINES)
def taken(request):
    """(log, record, drive, how it is read) of one machine."""
    take, drive, way = MACHINES[request.param]
    log = take().replace("\r", "")
    return log, record.parse(log), drive, way


def was_answered(line):
    return line["flags"] & ALWAYS_SET and not line["flags"] & CARRY


def test_lines_come_in_the_order_of_the_page(taken):
    page = (paths.SOURCE / "docs/firmware-record.md").read_text()
    order = list(dict.fromkeys(re.findall(r"(?m)^\| `([a-z0-9-]+) ", page)))
    names = list(dict.fromkeys(name for name, _ in taken[1]))
    assert names == [name for name in order if name in names]
    assert order[-1] == "end" and set(names) <= set(order)


def test_build_ids(taken):
    log, found, _, _ = taken
    assert f"kernel build {found[0][1]['kernel']:08x}," in log
    assert f"loaded by stage 2 build {found[0][1]['stage2']:08x}," in log


def test_entry_registers(taken):
    log, found, drive, _ = taken
    entry = record.one_of(found, "entry")
    assert entry["dx"] & 0xFF == drive
    assert entry["cs"] in (0, 0x7C0)
    assert entry["flags"] & ALWAYS_SET
    told = [int(word, 16) for word in ENTRY_ROW.search(log).groups()]
    assert told == [entry[name] for name in ("dx", "cs", "ds", "es", "ss", "sp", "flags")]


def test_drive(taken):
    _, found, drive, way = taken
    disk = record.one_of(found, "disk")
    check = record.one_of(found, "int13-41")
    assert (disk["drive"], disk["by"], disk["copy"]) == (drive, way, "a")
    assert disk["reads"] > 0
    assert bool(was_answered(check) and check["bx"] == EDD_MAGIC) == (way == "edd")


def test_size_by_edd_is_that_of_the_report(taken):
    log, found, _, way = taken
    if way == "chs":
        assert record.one_of(found, "int13-48") is None
        return
    assert was_answered(record.one_of(found, "int13-48"))
    buffer = record.edd_buffer(found)
    assert len(buffer) == EDD_KEPT
    filled, = struct.unpack_from("<H", buffer)
    assert filled <= EDD_ROOM
    assert f", {struct.unpack_from('<Q', buffer, 16)[0]} sectors" in log


def test_geometry_is_asked_only_without_edd(taken):
    _, found, _, way = taken
    geometry = record.one_of(found, "int13-08")
    assert (geometry is None) == (way == "edd")
    if geometry:
        assert was_answered(geometry) and (geometry["cx"] & 0x3F, geometry["dx"] >> 8) == (36, 1)


def test_memory_is_that_of_the_report(taken):
    log, found, _, _ = taken
    rows = E820_ROW.findall(log)
    answers = record.all_of(found, "int15-e820")
    assert len(rows) == len(answers) > 0
    for row, answer in zip(rows, answers):
        told = [int(row[0], 16), int(row[1], 16), int(row[2]), int(row[3]), int(row[4], 16),
                int(row[5], 16), int(row[6])]
        assert told == [answer[key] for key in ("base", "length", "type", "ecx", "attr", "ebx")] + [
            answer["flags"] & CARRY]
        assert "eax" not in answer, "the BIOS forgot SMAP"
    assert record.one_of(found, "int15-e820-end")["asked"] == 24
    e801 = record.one_of(found, "int15-e801")
    assert f"E801h     AX {e801['ax']:04X}h  BX {e801['bx']:04X}h  CX {e801['cx']:04X}h" in log
    assert f"88h       {record.one_of(found, 'int15-88')['ax']} KiB" in log
    low, ebda = record.one_of(found, "int12")["ax"], record.one_of(found, "ebda")["segment"]
    assert f"INT 12h   {low} KiB; the EBDA is at {ebda:04X}h:0" in log


def test_steps_are_all_there(taken):
    numbers = [step["number"] for step in record.all_of(taken[1], "step")]
    assert numbers == list(range(1, 17))


def test_at_the_prompt_it_is_the_same_again():
    with Qemu(images.changed(config=images.config("record"))) as vm:
        vm.wait_for(r"(?m)^> ")
        first = record.lines(vm.serial)
        for key in "record":
            vm.send_key(key)
        vm.send_key("ret")
        boots.until(lambda: vm.serial.count("\nend sum=") == 2, "a second record")
        boots.until(lambda: vm.serial.endswith("> "), "the prompt")
        second = record.lines(vm.serial[vm.serial.index("end sum="):])
    assert first == second


def test_registers_that_are_all_different():
    found = record.parse(from_qemu(rom=rom.make(*ENTRY)))
    assert record.one_of(found, "entry") == {
        "dx": 0xBE00, "si": 0x5151, "di": 0xD1D1, "bp": 0xB9B9, "cs": 0x7C0, "ds": 0x46,
        "es": 0x47, "ss": 0x8000, "sp": 0x1235, "flags": 0x4493}
    assert record.one_of(found, "disk")["drive"] == 0x80


def test_a_refusal_and_a_carry_are_quoted():
    found = record.parse(from_qemu(rom=rom.make("Q13_NO_EDD", "Q24_ANSWER_WITH_CF")))
    check, geometry = record.one_of(found, "int13-41"), record.one_of(found, "int13-08")
    assert check["flags"] & CARRY and check["ax"] >> 8 == BAD_COMMAND
    assert geometry["flags"] & CARRY and geometry["ax"] >> 8 == 0
    assert record.one_of(found, "disk")["by"] == "chs"
    assert record.one_of(found, "int13-48") is None


def test_a_bios_that_opens_a20_is_quoted():
    """No BIOS here leaves it closed, so one step of stage 2 is replaced by one that closes it."""
    stage1, stage2 = images.patched_stage2({"cpu_require_long_mode": CLOSE_A20})
    image = images.make("--kernel", paths.KERNEL, "--cmdline", "record exit", stage1=stage1,
                        stage2=stage2)
    found = record.parse(boots.ready(image, cpu="qemu64,-nx").serial)  # it looks for NX, too
    assert record.one_of(found, "a20")["method"] == A20_BIOS
    assert was_answered(record.one_of(found, "int15-2401"))


@pytest.mark.parametrize("damage", [("base=0 ", "base=1 "), ("a20 ", "b20 "), ("sum=", "sum=1")])
def test_a_changed_record_is_refused(damage):
    body = "record 1 stage2=1 kernel=2\na20 method=1\nint15-e820 base=0 length=1\n"
    good = f"a log\r\n{body}end sum={record.crc32c(body.encode()):08x}\r\n"
    assert record.parse(good.replace("length=1", "length=1 \r"))
    with pytest.raises(AssertionError):
        record.parse(good.replace(*damage))
