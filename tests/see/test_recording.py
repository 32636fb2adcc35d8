# SPDX-License-Identifier: MIT
"""The shipped image, recorded: every point is complete, two recordings are the same, and what is in
them is what others see of the same boot."""
import json

import pytest

from recorded import MACHINE, all_registers, point, shipped
from see import compare, cpu_state, match, points, recorder, recording, steps, watched
from vmlib import count, gdbstub, paths, reads
from vmlib.qemu import Qemu

LEAST_POINTS = 150
MOST_BYTES = 2_000_000
CHANGING = {"gdt", "idt", "paging", "mappings", "screen"}  # only in the points that changed them
POINT = {"index": int, "step": int, "label": str, "kind": str, "address": str, "file": str,
         "line": int, "mode": str, "instructions": int, "total": int, "a20": bool,
         "registers": dict, "segments": dict, "memory": list, "disk": list, "io": list,
         "calls": list, "serial": str, "code": list}
KINDS = {"step", "label", "function", "instruction", "end"}
MODES = {"real", "protected16", "protected32", "compatibility", "long"}
RENEW = "tools/record --keep renews docs/boot.html"
# From here on the timeline is printed, whose digits are the clock's: counts with the machine's own
# clock differ.
BEFORE_TIMELINE = "report_timeline"


def test_two_recordings_are_the_same():
    first, second = shipped(1), shipped(2)
    for key in first:
        if key != "points":
            assert first[key] == second[key], key
    for one, other in zip(first["points"], second["points"], strict=True):
        assert one == other, compare.text(*compare.differences(first, second))


def test_there_are_enough_points_and_every_step():
    found = shipped()
    assert len(found["points"]) >= LEAST_POINTS
    seen = [one for one in found["points"] if one["kind"] == "step"]
    assert [one["label"] for one in seen] == [step.label for step in steps.steps()]
    assert [one["step"] for one in seen] == [step.number for step in steps.steps()]
    assert [one["mode"] for one in seen] == [step.mode for step in steps.steps()]
    assert found["points"][-1]["kind"] == "end"
    assert found["end"]["why"] == "the kernel's prompt waits for a line"


@pytest.mark.parametrize("field", POINT)
def test_every_point_has_its_fields(field):
    for one in shipped()["points"]:
        assert isinstance(one[field], POINT[field]), (one["index"], field)


def test_every_point_is_sound():
    found, total = shipped(), 0
    owners = {owner["id"] for owner in found["owners"]} | {"free"}
    for index, one in enumerate(found["points"]):
        assert one["index"] == index
        assert set(one) - set(POINT) <= CHANGING
        assert one["kind"] in KINDS and one["mode"] in MODES
        total += one["instructions"]
        assert one["total"] == total
        assert one["label"] and (not one["file"] or one["line"] >= 1), one["index"]
        if one["file"]:
            assert 0 < one["line"] <= len(found["sources"][one["file"]])
        assert one["address"] in [row[0] for row in one["code"]]
        assert all(change["owner"] in owners for change in one["memory"])
        assert all(len(change["data"]) // 2 == min(change["bytes"], 64) or change["bytes"] > 64
                   for change in one["memory"])


def test_the_first_point_has_everything():
    first = shipped()["points"][0]
    assert set(first["segments"]) == set(cpu_state.SEGMENTS)
    assert set(first["registers"]) >= {*cpu_state.GENERAL, "rip", "rflags", "cr0", "cr2", "cr3",
                                       "cr4", "efer", "gdtr_base", "idtr_limit", "tr", "ldtr"}
    assert len(first["screen"]) == 25 and len(first["idt"]) == 256


def test_every_assembly_line_of_the_mode_switch_is_a_point():
    found = shipped()["points"]
    modes = list(dict.fromkeys(one["mode"] for one in found))
    assert modes == ["real", "protected16", "protected32", "compatibility", "long"]
    switch = [one for one in found if one["file"] == "stage2/mode.asm" and one["step"] == 6]
    assert [one["instructions"] for one in switch[-40:]].count(1) >= 38
    handoff = [one for one in found if one["file"] == "stage2/handoff.asm"]
    assert len(handoff) == 30


def test_the_page_of_docs_names_every_key():
    text = (paths.SOURCE / "docs/recording.md").read_text()

    def keys(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                yield from keys(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from keys(inner)

    found = {key: value for key, value in shipped().items() if key != "sources"}
    named = set(keys(found)) - set(cpu_state.GENERAL) - set(cpu_state.SEGMENTS)
    for key in sorted(named):
        assert f"`{key}`" in text or key in shipped()["points"][0]["registers"] or \
            key in match.FILES, f"docs/recording.md does not say what {key} is"


def test_it_is_small_and_knows_nothing_of_this_machine(tmp_path):
    path = tmp_path / "boot.json"
    recording.save(shipped(), path)
    assert path.stat().st_size <= MOST_BYTES
    text = path.read_text()
    for folder in (paths.SOURCE, paths.BUILD, tmp_path.parent):
        assert str(folder) not in text
    assert recording.load(path) == json.loads(text)


def test_counts_are_those_of_the_counting_plugin():
    found = shipped()
    places = {}
    for one in found["points"]:
        places.setdefault(int(one["address"], 16), one)
    end = point(found, BEFORE_TIMELINE)["total"]
    chosen = [one for one in places.values() if one["kind"] != "end" and one["total"] <= end]
    chosen = [one for one in chosen if one["kind"] == "step"] + chosen[::25]
    marks = {one["label"]: one for one in chosen}
    stop = int(point(found, BEFORE_TIMELINE)["address"], 16)
    counted = count.boot(paths.IMAGE, stop, [(label, int(one["address"], 16))
                                             for label, one in marks.items()], **MACHINE)
    assert {label: counted[label].instructions for label in marks} == \
        {label: one["total"] for label, one in marks.items()}
    assert counted["stop"].instructions == end
    calls = sum(call["times"] for one in found["points"] for call in one["calls"]
                if call["vector"] == 0x13)
    assert counted["stop"].disk_calls - counted["start"].disk_calls == calls


@pytest.mark.parametrize("label, instructions", [
    ("stage1_entry", 1),  # the jump
    ("stage1_entry.canonical", 15),
    ("try_copy.advance", 12)])  # from read_sectors.call on, with all of INT 13h in between
def test_counts_are_those_of_a_person_with_the_source(label, instructions):
    assert point(shipped(), label)["instructions"] == instructions


def test_the_clock_counts_our_own_instructions():
    """Behind the kernel's first one, RDTSC."""
    behind = point(shipped(), "kernel_entry+2h")
    assert int(behind["registers"]["rax"], 16) == behind["total"]
    assert all_registers(shipped(), "kernel_entry+2h")["rdx"] == 0


def test_counts_are_the_same_without_stops(tmp_path):
    """Once more, stopped only where the clock is read and the BIOS called."""
    found = shipped()
    places = points.Places(paths.BUILD, tuple(match.FILES))
    survey = recorder.Survey(paths.IMAGE, places)
    survey.passed = []
    with watched.Watched(paths.IMAGE, tmp_path) as machine:
        only_end = recorder.Recorder(machine, places, survey).run()
    assert len(only_end) == 1 and only_end[0]["label"] == "input_poll"
    assert only_end[-1]["total"] == found["points"][-1]["total"]


def test_disk_reads_are_those_that_qemu_traces(tmp_path):
    outcome, traced = reads.sectors(paths.IMAGE, tmp_path / "trace",
                                    **{**MACHINE, "serial": True})
    assert outcome.kind == "ready"
    recorded = {read["lba"] + at for one in shipped()["points"] for read in one["disk"]
                for at in range(read["count"])}
    assert recorded == traced
    assert all(read["status"] == 0 and read["area"] != "free" and read["who"]["file"]
               for one in shipped()["points"] for read in one["disk"])


def test_ports_carry_what_the_serial_line_said():
    found = shipped()
    said = "".join(one["serial"] for one in found["points"])
    assert said.startswith("coldstart: ") or "coldstart: kernel ready\n" in said
    bytes_out = sum(entry["times"] for one in found["points"] for entry in one["io"]
                    if entry["port"] == 0xE9 and entry["dir"] == "out")
    assert bytes_out == len(said.encode()) + said.count("\n")  # each newline goes out as CR LF


@pytest.mark.parametrize("label", ["stage1_entry", "try_copy.checksum", "stage2_start",
                                   "open_a20", "identity_build", "long_mode_enter"])
def test_registers_are_those_that_a_debugger_reads(label, tmp_path):
    found = shipped()
    recorded = all_registers(found, label)
    with Qemu(paths.IMAGE, extra=gdbstub.options(tmp_path / "gdb"), **MACHINE) as vm:
        gdb = gdbstub.Gdb(tmp_path / "gdb")
        assert gdb.run_to(int(point(found, label)["address"], 16))
        raw = bytes.fromhex(gdb.ask("g"))
    order = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", *(f"r{n}" for n in range(8, 16)),
             "rip")
    for index, name in enumerate(order):
        assert int.from_bytes(raw[index * 8:index * 8 + 8], "little") == recorded[name], name


@pytest.mark.parametrize("before, after", [("stage1_start", "stage1_entry"),
                                           ("read_sectors.call", "try_copy.advance"),
                                           ("identity_build", "identity_build.next_entries"),
                                           ("identity_build.next_entries", "long_mode_enter+13h")])
def test_memory_changes_are_those_between_two_dumps(before, after, tmp_path):
    found = shipped()
    dumps = []
    with Qemu(paths.IMAGE, extra=gdbstub.options(tmp_path / "gdb"), **MACHINE) as vm:
        gdb = gdbstub.Gdb(tmp_path / "gdb")
        for label in (before, after):
            assert gdb.run_to(int(point(found, label)["address"], 16))
            vm.qmp.call("pmemsave", val=0, size=LOW, filename=str(tmp_path / label))
            dumps.append((tmp_path / label).read_bytes())
    changed = {at for at in range(LOW) if dumps[0][at] != dumps[1][at]}
    changed = {at for at in changed if not 0x400 <= at < 0x500 and at < STACK_FIRST or
               at >= STACK_LAST}
    ranges = [(int(one["first"], 16), one["bytes"], bytes.fromhex(one["data"]))
              for one in point(found, after)["memory"]]
    ranges = [one for one in ranges if one[0] < LOW and not STACK_FIRST <= one[0] < STACK_LAST]
    covered = {at for first, number, _ in ranges for at in range(first, first + number)}
    assert changed <= covered
    for first, number, data in ranges:
        assert {first, first + number - 1} <= changed
        assert dumps[1][first:first + len(data)] == data


LOW = 0x80000
STACK_FIRST, STACK_LAST = 0x6000, 0x7C00  # what the BIOS pushes there depends on its interrupts


def test_the_kept_recording_shows_this_boot():
    kept = paths.SOURCE / "docs/boot.html"
    boot, moved = compare.differences(recording.load(kept), shipped())
    print(compare.text(boot, moved))
    assert not boot, f"{compare.text(boot, moved)}\nWhere that is wanted: {RENEW}"
