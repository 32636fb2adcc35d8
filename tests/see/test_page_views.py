# SPDX-License-Identifier: MIT
"""Every view shows what the recording says at each point, no more and no less."""
import json

import pytest

from page_world import (VIEWS, Shown, hex_text, one_browser,  # noqa: F401 (fixtures)
                        sample_shown)
from sample_recording import sample
from see import state


def cumulative(points, index, part):
    """A part of the state as the recording leaves it at a point."""
    merged = {}
    for point in points[:index + 1]:
        merged.update(point[part])
    return merged


def latest(points, index, part):
    return next(point[part] for point in reversed(points[:index + 1]) if part in point)


@pytest.fixture(name="index", params=range(13))
def each_point(request):
    return request.param


def test_the_sample_has_as_many_points_as_are_looked_at(shown):
    assert len(shown.points) == 13


def test_registers(shown, index):
    shown.go(index, "registers")
    now = cumulative(shown.points, index, "registers")
    before = cumulative(shown.points, index - 1, "registers") if index else now
    for name, value in now.items():
        if name in ("rflags", "cr0", "cr4", "efer", "tr", "ldtr"):
            continue
        cells = shown.texts(f'#view [data-register="{name}"] > *')
        was = f"● was {hex_text(before[name])}" if before[name] != value else ""
        assert cells[1:] == [hex_text(value), was], name


def test_bits(shown, index):
    shown.go(index, "registers")
    now = cumulative(shown.points, index, "registers")
    before = cumulative(shown.points, index - 1, "registers") if index else now
    for register, names in state.BITS.items():
        for position, name in names.items():
            bit, was = (int(values[register], 16) >> position & 1 for values in (now, before))
            expected = f"{name}{bit}" + (f"● was {was}" if bit != was else "")
            assert shown.text(f'#view [data-bit="{register}.{name}"]') == expected


def test_segments(shown, index):
    shown.go(index, "registers")
    for name, segment in cumulative(shown.points, index, "segments").items():
        cells = shown.texts(f'#view [data-segment="{name}"] > *')
        assert cells[0] == name.upper() and cells[1].split()[0] == hex_text(segment["selector"])
        assert cells[2:4] == [hex_text(segment["base"]), hex_text(segment["limit"])]


def test_source_and_instructions(shown, index):
    shown.go(index, "code")
    point = shown.points[index]
    assert [row[1:] for row in shown.rows(".assembly")] == [
        [" ".join(code[at:at + 2] for at in range(0, len(code), 2)), text]
        for _, code, text in point["code"]]
    assert shown.texts(".assembly tr.current .text") == [point["code"][0][2]]
    if point["file"]:
        lines = shown.recording["sources"][point["file"]]
        assert shown.texts(".line .text") == lines
        assert shown.texts(".line.current .text") == [lines[point["line"] - 1]]
    else:
        assert shown.texts(".line.current") == [] and "No source" in shown.text("#view-body")


def test_a_file_that_is_asked_for(shown):
    shown.go(0, "code", "kernel/main.c:2")
    assert shown.texts(".line.asked .text") == [" * It says: findme */"]
    shown.follow(shown.browser.click, ".back-to-cpu")
    assert shown.texts(".line.current .text") == ["        nop ; line 2"]


def test_memory(shown, index):
    shown.go(index, "memory")
    memory = shown.points[index]["memory"]
    captions, dumps = shown.texts(".writes figcaption"), shown.texts(".writes pre")
    assert len(captions) == len(memory) == len(dumps)
    for write, caption, dump in zip(memory, captions, dumps):
        assert caption.startswith(hex_text(write["first"])) and f"{write['bytes']:,}".replace(
            ",", "\u00a0") in caption
        shown_bytes = "".join(line[10:58].replace(" ", "") for line in dump.splitlines())
        assert shown_bytes.lower() == write["data"]
        assert [line[:8] for line in dump.splitlines()] == [
            f"{int(write['first'], 16) + at:08X}" for at in range(0, len(write["data"]) // 2, 16)]
        assert ("the first 64 shown" in caption) == (write["bytes"] > 64)
    known = [owner for owner in shown.recording["owners"] if owner["from_point"] <= index]
    rows = shown.rows(".owners")
    assert {row[0] for row in rows} == {owner["name"] for owner in known}
    for row in rows:
        owner = next(one for one in known if one["name"] == row[0])
        written = sum(write["bytes"] for write in memory if write["owner"] == owner["id"])
        assert row[1:3] == [hex_text(owner["first"]), hex_text(owner["last"])]
        assert ("●" in row[4]) == bool(written)


@pytest.mark.parametrize("scale, piece, name", [("log", 3, "stage 1"), ("low", 3, "stage 1"),
                                                ("all", 6, "taken memory")])
def test_memory_drawn(shown, scale, piece, name):
    shown.go(1, "memory")
    shown.browser.click(f'[name="strip"][value="{scale}"]')
    boxes = shown.ask("[...document.querySelectorAll('.piece rect')].map((one) =>"
                      " [Number(one.getAttribute('x')), Number(one.getAttribute('width'))])")
    assert len(boxes) == len([owner for owner in shown.recording["owners"] if owner["from_point"] <= 1
                              and (scale != "low" or int(owner["first"], 16) < 1 << 20)])
    assert boxes == sorted(boxes) and all(0 <= x and x + width <= 1001.5 for x, width in boxes)
    assert len(shown.texts(".write")) == len(shown.points[1]["memory"])
    shown.browser.click(f".piece:nth-of-type({piece})")
    assert shown.text(".details h3") == name


def test_disk(shown, index):
    shown.go(index, "disk")
    reads = [(point["index"], read) for point in shown.points[:index + 1] for read in point["disk"]]
    assert len(shown.rows(".reads")) == len(reads)
    assert shown.text('[data-area="stage2"] .picture span') == ("5 of 8" if reads else "0 of 8")
    assert shown.text('[data-area="mbr"] td:last-child') == "the BIOS, before the first point"
    assert shown.text('[data-area="stage2"] td:last-child').startswith("stage 1" if reads else "nobody")
    assert shown.ask("document.querySelector('[data-area=stage2]').classList.contains('changed')") \
        == any(at == index for at, _ in reads)
    for row, (at, read) in zip(shown.rows(".reads"), reversed(reads)):
        assert f"{at}: {shown.points[at]['label']}" in row[0] and row[1] == "1 to 5"
        assert row[3] == hex_text(read["address"]) and read["who"]["function"] in row[4]


def test_descriptor_tables(shown, index):
    shown.go(index, "tables")
    gdt, idt = latest(shown.points, index, "gdt"), latest(shown.points, index, "idt")
    assert [row[:3] for row in shown.rows(".gdt")] == [
        [hex_text(entry["index"] * 8), f"{int(entry['raw'], 16):016X}", entry["text"]]
        for entry in gdt]
    assert [[row[0], row[2]] for row in shown.rows(".idt")] == [
        [hex_text(gate["vector"]), gate["text"]] for gate in idt]


@pytest.mark.parametrize("entry", [1, 2, 3, 4])
def test_the_picture_of_a_descriptor(shown, entry):
    shown.go(10, "tables", str(entry))
    one = latest(shown.points, 10, "gdt")[entry]
    digits = "".join(shown.texts(".field.base:first-of-type .digit")) or None
    bits = shown.ask("[...document.querySelectorAll('.field')].flatMap((field) =>"
                     " [...field.querySelectorAll('.digit')].map((digit) => digit.textContent)).join('')")
    assert digits and int(bits, 2) == int(one["raw"], 16)
    facts = shown.text(".descriptor .facts")
    assert f"put together: {hex_text(one['base'])}" in facts
    assert f"the last byte is {hex_text(one['limit'])}" in facts


def test_who_uses_a_descriptor(shown):
    shown.go(6, "tables")
    assert [row[3] for row in shown.rows(".gdt")][:4] == ["nothing", "nothing", "CS", "DS, SS"]
    shown.go(4, "tables")
    assert {row[3] for row in shown.rows(".gdt")} == {"nothing"}


def test_mappings_and_tables(shown, index):
    shown.go(index, "paging")
    paging_is_on = int(cumulative(shown.points, index, "registers")["cr0"], 16) >> 31
    expected = latest(shown.points, index, "mappings") if paging_is_on else []
    assert [[row[0], row[1], row[2], row[5]] for row in shown.rows(".mappings")] == [
        [hex_text(run["virt_first"]), hex_text(run["virt_last"]), hex_text(run["phys"]), run["flags"]]
        for run in expected]
    tables = {table["phys"] for point in shown.points[:index + 1]
              for table in point.get("paging", {}).get("tables", [])}
    assert set(shown.ask("[...document.querySelectorAll('[data-table]')]"
                         ".map((one) => one.dataset.table)")) == tables


def test_calls_and_ports(shown, index):
    shown.go(index, "traffic")
    point = shown.points[index]
    calls, ports = shown.rows(".calls"), shown.rows(".ports")
    assert len(calls) == len(point["calls"]) and len(ports) == len(point["io"])
    for row, call in zip(calls, point["calls"]):
        assert row[0] == (f"INT {hex_text(call['vector'])} AH={call['ax'] >> 8:X}h, {call['what']} "
                          f"{json.dumps(call['text'])}")
        assert row[1] == hex_text(call["address"]) and row[5] == "0: good"
        assert all(f"{name.upper()} {hex_text(value)}" in row[3]
                   for name, value in call["registers"].items())
    for row, one in zip(ports, point["io"]):
        assert one["dir"] in row[0] and row[1] == hex_text(one["port"])
        assert hex_text(one["value"]) in row[3] and row[4] == str(one["times"])
        assert (r'"ok\n" … 7Ah' == row[3]) == ("values" in one)


def test_screen_and_serial(shown, index):
    shown.go(index, "screen")
    lines = shown.text("#crt").split("\n")[:25]
    assert [line.rstrip() for line in lines] == [
        line.rstrip() for line in latest(shown.points, index, "screen")]
    serial = "".join(point["serial"] for point in shown.points[:index + 1])
    assert "".join(shown.texts("#serial")) == serial
    assert "".join(shown.texts("#serial mark")) == (shown.points[index]["serial"] if serial else "")


def test_this_moment(shown, index):
    shown.go(index)
    point = shown.points[index]
    step = shown.recording["steps"][point["step"] - 1]
    words = shown.text("#now-body")
    for text in (step["name"].replace("_", " "), step["sentence"][1:], step["happened"], step["look"],
                 step["next"], point["label"], "open" if point["a20"] else "closed",
                 f"{point['instructions']:,} since the point".replace(",", "\u00a0"),
                 f"{point['total']:,} since 7C00h".replace(",", "\u00a0")):
        assert text in words
    if point["file"]:
        assert f"{point['file']}:{point['line']}" in words
    assert ("ends here: nothing more comes" in words) == (index == len(shown.points) - 1)
    if index:
        for part, title in (("memory", "Memory"), ("disk", "Disk"), ("calls", "BIOS"), ("io", "Ports"),
                            ("gdt", "GDT"), ("screen", "Screen"), ("serial", "Serial line")):
            assert (title in shown.texts(".changes li a")) == bool(point.get(part)), part


BARE = {"index", "step", "label", "kind", "address", "mode", "instructions", "total", "a20"}


def test_a_bare_recording_is_shown_too(browser, tmp_path):
    """Of foreign code there are no names; other recorders may leave out more."""
    whole = sample()
    points = [{key: value for key, value in point.items() if key in BARE} | {
        "label": "", "registers": {"rip": point["address"]}} for point in whole["points"]]
    bare = Shown(browser, tmp_path, {"format": whole["format"], "version": 1, "points": points})
    bare.open()
    for view in VIEWS:
        for index in (0, 5, 12):
            bare.go(index, view)
            assert bare.text("#view-body") and bare.point() == index
    bare.go(4)
    bare.ask("setPredict(true); settle('x'); setPredict(false)")
    bare.check()
