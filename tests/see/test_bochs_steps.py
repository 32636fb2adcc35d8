# SPDX-License-Identifier: MIT
"""A boot in Bochs's debugger, stopped at every step: the machine is as tools/see/steps.txt says, and
each command that the commentary names shows something. One run for all of it."""
import contextlib
import dataclasses
import re

import pytest

from bochs_sitting import debugger
from see import bochs_talk, commentary, expect, steps
from see.bochs_debugger import Ended

ALL = steps.steps()
by_label = pytest.mark.parametrize("step", ALL, ids=lambda step: step.label)
COMPLAINTS = re.compile(r"syntax error|ERROR|can't|not found|unknown|No symbol", re.IGNORECASE)
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "on": "off", "off": "on",
            "mapped": "unmapped", "unmapped": "mapped"}
DESCRIPTOR_WORD, DESCRIPTOR_PRESENT = 0xCF9300, 1 << 15  # of the data segment, the upper half


@dataclasses.dataclass
class Seen:
    """What was seen at one stop."""
    said: str  # by Bochs, when it stopped
    wrong: list  # sentences
    not_noticed: list  # clauses whose opposite held as well
    shown: dict  # {command of the commentary: its output}


def opposite(clause):
    return " ".join(OPPOSITE.get(word, word) for word in clause.split(" "))


def look(bochs, step, names, said):
    machine = bochs.state()
    wrong = expect.check_step(machine, step, names)
    blind = [clause for clause in expect.clauses(step.expect)
             if not expect.check(machine, opposite(clause), names)]
    shown = {command: bochs.ask(command) for command in commentary.bochs_commands(step, names)}
    return Seen(said, wrong, blind, shown)


@pytest.fixture(name="walk", scope="module")
def walk_through_the_boot(tmp_path_factory):
    """{label: Seen} as far as the boot came, and under "broken" what is said of a GDT that is."""
    names, seen = expect.names(), {}
    with debugger(tmp_path_factory.mktemp("bochs")) as bochs:
        for command in bochs_talk.opening(ALL[0]):
            bochs.ask(command)
        with contextlib.suppress(Ended):  # the steps behind it are then not reached
            for step in ALL:
                seen[step.label] = look(bochs, step, names, bochs.ask("c"))
                if step.name == "LOADER":
                    seen["broken"] = with_a_wrong_descriptor(bochs, step, names)
    return seen


def with_a_wrong_descriptor(bochs, step, names):
    """What is said of a data segment that is not present; the bit is put back."""
    place = names["gdt"] + 3 * expect.DESCRIPTOR_BYTES + 4
    bochs.ask(f"setpmem {place:#x} 4 {DESCRIPTOR_WORD ^ DESCRIPTOR_PRESENT:#x}")
    wrong = expect.check_step(bochs.state(), step, names)
    bochs.ask(f"setpmem {place:#x} 4 {DESCRIPTOR_WORD:#x}")
    return wrong


@by_label
def test_step_is_reached(walk, step):
    assert step.label in walk


@by_label
def test_machine_is_as_promised(walk, step):
    assert walk[step.label].wrong == []


@by_label
def test_breakpoint_has_the_number_of_the_step(walk, step):
    assert f"(0) Breakpoint {step.number}, " in walk[step.label].said


@by_label
def test_every_promise_could_be_broken(walk, step):
    assert walk[step.label].not_noticed == []


@by_label
def test_commands_show_something(walk, step):
    for command, output in walk[step.label].shown.items():
        assert output.strip() and not COMPLAINTS.search(output), f"{command}: {output}"


def test_a_wrong_descriptor_is_seen(walk):
    assert walk["broken"] == [
        "gdt[3] is CF13000000FFFFh, expected = CF93000000FFFFh (gdt[3] = DESCRIPTOR_DATA)"]
