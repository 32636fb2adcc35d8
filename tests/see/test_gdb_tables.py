# SPDX-License-Identifier: MIT
"""The commands that print tables print what is in memory: held against QEMU's monitor and against
memory that is read past GDB."""
import re

import pytest

from gdb_sitting import Sitting
from see import expect, state
from vmlib import symbols

CONSTANTS = symbols.constants()
NAMES = expect.names()
ENTRY = re.compile(r"(?m)^ *([0-9A-F]+)h  ([0-9A-F]{16})  (.*)$")
RANGE = re.compile(r"(?m)^ *(?:\d+ )? *([0-9A-F]{16})-([0-9A-F]{16})  ")
E820_BYTES = 40
RANGE_BYTES = 24


@pytest.fixture(scope="module")
def real():
    with Sitting(6) as sitting:
        yield sitting


@pytest.fixture(scope="module")
def loader():
    with Sitting(7) as sitting:
        yield sitting


@pytest.fixture(scope="module")
def kernel():
    with Sitting(16) as sitting:
        yield sitting


def number(raw, at, count):
    return int.from_bytes(raw[at:at + count], "little")


@pytest.mark.parametrize("stage", ["real", "loader", "kernel"])
def test_boot_state(stage, request):
    sitting = request.getfixturevalue(stage)
    text, machine = sitting.run("boot-state"), sitting.machine
    assert re.search(rf"(?m)^mode   {machine.mode}, .* A20 on$", text)
    for name in ("cr0", "cr4", "efer", "rflags"):
        value, words = re.search(rf"(?m)^{name} +([0-9A-F]+) +(.*)$", text).groups()
        assert int(value, 16) == machine.registers[name]
        assert words == state.bits_text(name, machine.registers[name])
    for name, segment in machine.segments.items():
        if name == "tr":
            continue
        selector, base, limit = re.search(
            rf"(?m)^{name} +([0-9A-F]{{4}}) +base ([0-9A-F]+)h, limit ([0-9A-F]+)h", text).groups()
        assert (int(selector, 16), int(base, 16), int(limit, 16)) == \
            (segment.selector, segment.base, segment.limit)
    for name in ("gdt", "idt"):
        base, limit = re.search(rf"{name}r +base ([0-9A-F]+)h, limit ([0-9A-F]+)h", text).groups()
        assert int(base, 16) == machine.registers[f"{name}r_base"]
        assert int(limit, 16) == machine.registers[f"{name}r_limit"]


@pytest.mark.parametrize("stage, users", [("loader", {8: "CS", 0x18: "DS ES SS", 0x30: "TR"}),
                                          ("kernel", {8: "CS"})])
def test_gdt(stage, users, request):
    sitting = request.getfixturevalue(stage)
    machine, rows = sitting.machine, ENTRY.findall(sitting.run("gdt"))
    base = machine.registers["gdtr_base"]
    for selector, raw, _ in rows:
        assert int(raw, 16) == number(machine.memory(base + int(selector, 16), 8), 0, 8)
    assert {int(selector, 16): text.split("<- ")[1] for selector, _, text in rows if "<-" in text} == users
    assert "64-bit code" in rows[1][2]


def test_no_gdt_in_real_mode(real):
    assert "Real mode needs none" in real.run("gdt") or "GDT at" in real.run("gdt")


def test_idt(real, loader):
    rows = dict(re.findall(r"(?m)^([0-9A-F]{2})h +([0-9A-F]{4}:[0-9A-F]{4})", real.run("idt all")))
    raw = real.read(0, 1024)
    assert {int(vector, 16): text for vector, text in rows.items()} == {
        vector: f"{number(raw, 4 * vector + 2, 2):04X}:{number(raw, 4 * vector, 2):04X}"
        for vector in range(256)}
    gates = re.findall(r"(?m)^([0-9A-F]{2})h +interrupt gate, to 8h:([0-9A-F]+)h.*<(\w+)>$",
                       loader.run("idt"))
    assert len(gates) == 32
    for vector, target, name in gates:
        assert int(target, 16) == NAMES[name]
        assert name in (f"fault_{int(vector, 16)}", "nmi_in_long_mode")


@pytest.mark.parametrize("stage, address", [
    ("loader", 0x8000), ("loader", 0x12345678), ("kernel", NAMES["kernel_main"]),
    ("kernel", CONSTANTS["BOOT_DIRECT_MAP_BASE"] + 0x123456)])
def test_walks_lead_where_qemu_says(stage, address, request):
    sitting = request.getfixturevalue(stage)
    told = re.search(r"= physical ([0-9A-F]+)h$", sitting.run(f"tables {address:#x}").strip())
    asked = re.search(r"gpa: 0x([0-9a-f]+)", sitting.monitor(f"gva2gpa {address:#x}"))
    assert int(told.group(1), 16) == int(asked.group(1), 16)


def test_walks_that_fail(kernel, real):
    assert "stops here: not present" in kernel.run("tables 0")
    assert "not canonical" in kernel.run("tables 0x800000000000")
    assert "Paging is off" in real.run("tables")


@pytest.mark.parametrize("stage", ["loader", "kernel"])
def test_runs_are_all_that_is_mapped(stage, request):
    """QEMU's own list, `info mem`, has no execute rights; so compare bounds where rights to write change."""
    sitting = request.getfixturevalue(stage)
    ours = re.findall(r"(?m)^([0-9A-F]{16})-([0-9A-F]{16}) -> +[0-9A-F]+h  (\S+)", sitting.run("tables"))
    theirs = re.findall(r"(?m)^([0-9a-f]{16})-([0-9a-f]{16}) [0-9a-f]+ (\S+)", sitting.monitor("info mem"))
    merged = []
    for first, last, rights in ours:
        first, last, writable = int(first, 16), int(last, 16), "W" in rights
        if merged and merged[-1][1] + 1 == first and merged[-1][2] == writable:
            merged[-1][1] = last
        else:
            merged.append([first, last, writable])
    assert merged == [[int(first, 16), int(end, 16) - 1, "w" in rights] for first, end, rights in theirs]


def test_e820(real):
    raw = real.read(CONSTANTS["LOW_ANSWERS"], 0x3000)
    text = real.run("e820")
    rows = [(int(first, 16), int(last, 16)) for first, last in RANGE.findall(text)]
    count, at = number(raw, 0, 4), CONSTANTS["memory_answers.e820"]
    assert text.startswith(f"{count} answers at 3000h") and "ended by: zero" in text
    assert rows == [(number(raw, at + n * E820_BYTES, 8),
                     number(raw, at + n * E820_BYTES, 8) + number(raw, at + n * E820_BYTES + 8, 8) - 1)
                    for n in range(count)]
    assert f"INT 12h: {number(raw, CONSTANTS['memory_answers.int12_ax'], 2)} KiB" in text


def test_e820_is_refused_before():
    with Sitting(4) as sitting:
        assert "step 5, memory_ask" in sitting.run("e820")
        assert "there is no boot_info yet" in sitting.run("boot-info")


def test_boot_info(kernel):
    """Members by the offsets that NASM has, lists through the direct map."""
    machine = kernel.machine
    info = machine.memory(machine.registers["rdi"], CONSTANTS["boot_info_size"])
    text = kernel.run("boot-info")
    head = re.search(r"boot_info at ([0-9A-F]+)h: version (\d+), (\d+) bytes", text)
    assert int(head.group(1), 16) == machine.registers["rdi"]
    assert int(head.group(3)) == len(info)
    # include/boot/boot_info.h: memory_phys at 40, memory_count at 80, page_table_phys at 128
    lists = [number(machine.read(number(info, 40, 8) + n * RANGE_BYTES + at, 8), 0, 8)
             for n in range(number(info, 80, 4)) for at in (0, 8)]
    shown = text[text.index("memory:"):text.index("segments:")]
    assert [int(part, 16) for pair in RANGE.findall(shown) for part in pair] == lists
    assert f"PML4 at {machine.registers['cr3']:X}h" in text
    assert re.search(r"(?m)^ +15  handoff ", text)
    assert kernel.run("boot-info raw").count("=") > 60


def test_boot_info_later_in_the_kernel():
    with Sitting(16) as sitting:
        first = sitting.run("boot-info")
        for place in ("kernel_main", "screen_begin"):
            sitting.run(f"stop-at {place}")
            assert sitting.run("boot-info") == first


@pytest.mark.parametrize("stage, step", [("real", 6), ("loader", 7), ("kernel", 16)])
def test_check(stage, step, request):
    sitting = request.getfixturevalue(stage)
    found = re.fullmatch(r"(\d+) of (\d+) promises of step (\d+) hold\.", sitting.run("check").strip())
    assert found and found.group(1) == found.group(2) and int(found.group(3)) == step


def test_check_finds_what_is_wrong():
    with Sitting(7) as sitting:
        sitting.run("set var $rsp = $rsp - 8", "set var *(char *)&gdt_tss_type = 0")
        answer = sitting.run("check")
        assert "rsp" in answer and "gdt_tss_type" in answer


def test_screen(kernel):
    assert kernel.run("screen").strip() == "\n".join(
        line.rstrip() for line in kernel.vm.screen_lines()).strip()
