# SPDX-License-Identifier: MIT
"""Two recordings compared: each kind of other boot has its sentence, and what only moved is no other
boot. The recordings are one of a real boot, changed by hand."""
import copy
import functools

import pytest

from see import compare, recording
from vmlib import images, paths


@functools.lru_cache(maxsize=None)
def base():
    """A boot that ends in an error at step 11: short, and through every mode."""
    return recording.record(images.changed(config="kernel = /boot/nothing.elf\n"), paths.BUILD)


def changed(change):
    found = copy.deepcopy(base())
    change(found, {one["label"]: one for one in found["points"]})
    return compare.differences(base(), found)


def test_the_same_boot():
    assert compare.differences(base(), base()) == ([], [])
    assert compare.text([], []) == "The two recordings show the same boot, at the same addresses."


def drop_step(found, points):
    found["points"].remove(points["volume_find"])


def swap_steps(found, points):
    one, other = points["volume_find"], points["config_load"]
    for field in ("label", "address"):
        one[field], other[field] = other[field], one[field]


def other_mode(found, points):
    points["loader_main"]["mode"] = "compatibility"


def no_a20(found, points):
    points["memory_ask"]["a20"] = False


def no_pae(found, points):
    cr4 = next(one for one in points.values() if int(one["registers"].get("cr4", "0"), 16) & 0x20)
    cr4["registers"]["cr4"] = "0x200"


def interrupts_on(found, points):
    points["loader_main"]["registers"]["rflags"] = "0x202"


def wrong_stack_segment(found, points):
    points["loader_main"]["segments"]["ss"] = {"selector": 0, "base": "0x0", "limit": "0x0",
                                               "attributes": 0, "text": "null"}


def other_descriptor(found, points):
    table = next(one for one in found["points"] if len(one.get("gdt", [])) > 3)["gdt"]
    table[1] |= {"dpl": 3}


def gate_gone(found, points):
    for one in found["points"]:
        if one["mode"] == "long" and "idt" in one:
            one["idt"] = [gate for gate in one["idt"] if gate["vector"] != 14]


def read_only(found, points):
    for one in found["points"]:
        for run in one.get("mappings", []):
            run["flags"] = "R--"


def other_port(found, points):
    points["memory_judge"]["io"].append({"dir": "out", "port": 0x70, "size": 1, "value": 0x80,
                                         "address": "0xb000", "times": 1})


def other_area(found, points):
    next(one for one in found["points"] if one["step"] == 9 and one["disk"])["disk"][0]["area"] = \
        "stage2-b"


def other_call(found, points):
    points["open_a20"]["calls"].append({"vector": 0x15, "what": "open the A20 line", "times": 1})


def other_end(found, points):
    found["end"]["why"] = "the machine ended by itself"


@pytest.mark.parametrize("change, sentence", [
    (drop_step, "Step VOLUME is missing."),
    (swap_steps, "The steps come in another order: "),
    (other_mode, "At step LOADER the CPU is in compatibility mode, was in long mode."),
    (no_a20, "At step MEMORY_ASK the A20 line is off, was not."),
    (no_pae, "CR4 has OSFXSR, had PAE OSFXSR."),
    (interrupts_on, "At step LOADER RFLAGS has IF, had none."),
    (wrong_stack_segment, "At step LOADER SS is 0h, attributes 0000h; was 18h, "),
    (other_descriptor, "has, new: the GDT gets entry 1: 64-bit code, limit 0xffffffff, DPL 3, present"),
    (gate_gone, "the IDT no longer has: vector 14: interrupt gate to 8h"),
    (read_only, "what pages permit has, new: 0h: R--."),
    (other_port, "From step LOADER on it writes port 70h, did not before."),
    (other_area, "it reads from the disk: stage2-b, did not before."),
    (other_call, "calls the BIOS: INT 15h, open the A20 line, did not before."),
    (other_end, "It ends otherwise: "),
])
def test_another_boot_is_told(change, sentence):
    boot, _ = changed(change)
    assert any(sentence in one for one in boot), boot


def moved_code(found, points):
    points["open_a20"]["address"] = "0x9999"
    points["open_a20"]["label"] = "open_the_gate"


def more_work(found, points):
    for one in found["points"][60:]:
        one["total"] += 100


def other_build(found, points):
    found["image"]["builds"]["stage2"] = "12345678"


def more_sectors(found, points):
    next(one for one in found["points"] if one["disk"])["disk"][0]["count"] += 2


@pytest.mark.parametrize("change, sentence", [
    (moved_code, "1 points are new: open_the_gate."),
    (more_work, "LOADER: reached after "),
    (other_build, "Build of stage2: 12345678, was "),
    (more_sectors, "sectors of stage2-a, were "),
])
def test_what_moved_is_no_other_boot(change, sentence):
    boot, moved = changed(change)
    assert boot == []
    assert any(sentence in one for one in moved), moved


def test_the_command_tells_by_its_status(capsys):
    assert compare.tell(base(), base()) == 0
    other = copy.deepcopy(base())
    other_mode(other, {one["label"]: one for one in other["points"]})
    assert compare.tell(base(), other) == 1
    assert "Another boot:\n" in capsys.readouterr().out
