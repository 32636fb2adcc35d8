# SPDX-License-Identifier: MIT
"""tools/see/steps.txt against the list of steps, the symbol maps, the boot story and include/; and
the language of its expectations, on a machine made by hand."""
import re

import pytest

from see import commentary, expect, source, state, steps
from vmlib import paths, symbols

ALL = steps.steps()
STORY = (steps.ROOT / steps.STORY).read_text()
by_label = pytest.mark.parametrize("step", ALL, ids=lambda step: step.label)
# Numbers of the texts that are no constant: addresses the CPU or the BIOS knows, and what is told
# about a place at its constant's offset.
NUMBERS_OF_OTHERS = {0x80000001: "CPUID leaf", 0x100000: "1 MiB", 0xFFFFFFFF: "all ones",
                     0xE801: "INT 15h", 0x80: "a drive", 0xFFFFFFFF80000000: "kernel_base",
                     0x7BFF: "below stage 1", 0x21000: "PDPT", 0x22000: "first directory"}


@pytest.fixture(name="names", scope="module")
def names_of_the_build():
    return expect.names()


@pytest.fixture(name="symbols_and_lines", scope="module")
def symbols_of_the_build():
    return source.Symbols.of_build(paths.BUILD)


def anchors(page):
    """Of a page's headings, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ (.+)$", page)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@by_label
def test_label_is_in_its_symbol_map(step):
    stem = {"STAGE1": "stage1", "KERNEL_ENTRY": "kernel"}.get(step.name, "stage2")
    assert step.label in symbols.table(paths.BUILD / f"{stem}.sym")


@by_label
def test_commentary_is_whole(step):
    for text in (step.happened, step.look, step.next, step.bochs, step.expect):
        assert text.strip()
    assert len(expect.clauses(step.expect)) >= 5


def test_commentary_is_of_steps():
    assert list(steps.commentary(steps.COMMENTARY.read_text())) == [step.name for step in ALL]


@by_label
def test_section_is_a_heading_of_the_story(step):
    assert step.section in anchors(STORY)


@by_label
def test_label_is_in_the_file_that_the_story_names(step, symbols_and_lines):
    named = re.search(rf"`{step.label}` \| \[([^\]]+)\]", STORY)[1]
    file, line = commentary.place_of(step, symbols_and_lines)
    assert str(file) == named
    # In C, the line with the brace below the function's name is the first that has an instruction.
    assert step.label in " ".join((steps.ROOT / named).read_text().splitlines()[line - 2:line])


@by_label
def test_numbers_of_the_texts_are_those_of_the_build(step, names):
    """A hexadecimal number in a sentence is a constant, a place made of constants, or listed above."""
    text = " ".join((step.happened, step.look, step.next))
    known = set(names.values()) | set(NUMBERS_OF_OTHERS) | {
        expect.number(sum_of, names) for sum_of in (
            "LOW_ANSWERS + memory_answers.e820", "LOW_EXCHANGE + exchange.a20_method",
            "LOW_EXCHANGE + exchange.cpu_has_nx", "LOW_EXCHANGE + exchange.trace + 176",
            "LOW_EXCHANGE + exchange.trips",
            "LOW_STAGE1 + MBR_BOOT_SIGNATURE", "LOW_STAGE1 + MBR_BPB_OFFSET", "LOW_STACK_TOP - 8")}
    told = {int(digits, 16) for digits in re.findall(r"\b([0-9A-F]+)h\b", text)}
    assert {number for number in told if number > 0xFF} <= known


def test_a_step_is_found_by_what_people_type():
    assert [steps.find(text).number for text in ("4", "A20", "a20", "a20_enable")] == [4] * 4
    with pytest.raises(ValueError, match='"A21": did you mean A20?'):
        steps.find("A21")


# A machine in long mode whose page tables map the first 2 MiB to themselves.
TABLES = {0x1000: 0x2003, 0x2000: 0x3003, 0x3000: 0x83, 0x5008: 0x00AF9B000000FFFF, 0x6000: 0x1234}
REGISTERS = {"rax": 0x11223344, "rsp": 0x5000, "rip": 0x6000, "rflags": 0x202, "cr0": 0x80000011,
             "cr3": 0x1000, "cr4": 0x20, "efer": 0x500, "gdtr_base": 0x5000, "gdtr_limit": 15}
NAMES = {"LOW_THING": 0x6000, "thing.part": 0x8, "label": 0x6000}


def read(phys, count):
    """Physical memory out of TABLES."""
    cells = b"".join(TABLES.get(at, 0).to_bytes(8, "little") for at in range(phys & ~7, phys + count, 8))
    return cells[phys & 7:(phys & 7) + count]


def machine():
    code = state.Segment(0x08, 0, 0xFFFFFFFF, 0xA09B)
    return expect.State(dict(REGISTERS), {"cs": code}, True, read)


HOLDING = """a20 on; rax = 0x11223344; eax = 0x11223344; ax = 0x3344; al = 0x44; cr0.PG = 1; cr4.PAE = 1;
    efer.LMA != 0; rflags.IF = 1; rflags.DF = 0; cs = 8; cs.L = 1; cs.D = 0; cs.limit = 0xFFFFFFFF;
    rip = label; rsp < LOW_THING; rsp + 0x1000 >= LOW_THING; rsp <= 0x5000; rsp > 0x4FFF;
    gdt[1] = 0x00AF9B000000FFFF; word[LOW_THING] = 0x1234; byte[LOW_THING + 1] = 0x12;
    dword[LOW_THING + thing.part] = 0; qword[qword[0x3000] - 0x83 + 0x6000] & 0xFF = 0x34;
    mapped 0x1FFFFF; unmapped 0x200000"""
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "on": "off", "off": "on",
            "mapped": "unmapped", "unmapped": "mapped"}


def opposite(clause):
    return " ".join(OPPOSITE.get(word, word) for word in clause.split(" "))


@pytest.mark.parametrize("clause", expect.clauses(HOLDING))
def test_clause(clause):
    assert expect.check(machine(), clause, NAMES) == []
    assert len(expect.check(machine(), opposite(clause), NAMES)) == 1


def test_what_is_wrong_is_a_sentence():
    assert expect.check(machine(), "cr0.WP = 1; rax < 8; byte[0x200000] = 1; a20 off", NAMES) == [
        "cr0.WP is 0h, expected = 1h (cr0.WP = 1)", "rax is 11223344h, expected < 8h (rax < 8)",
        "`byte[0x200000] = 1` cannot hold: 200000h is not mapped", "A20 is not off"]


@pytest.mark.parametrize("clause", ["rax", "rax = ", "rax == 1", "rax = nothing", "cr0.XX = 1",
                                    "byte[1 = 2", "bite[1] = 2", "rax = 1 2", "rax = $", "cs.colour = 1",
                                    "a20 open"])
def test_nonsense_is_no_expectation(clause):
    with pytest.raises(ValueError):
        expect.check(machine(), clause, NAMES)


def test_the_mode_and_the_place_are_checked():
    step = steps.Step(1, "X", "label", "long", "", "", expect="al = 0x44")
    assert expect.check_step(machine(), step, NAMES) == []
    step.mode, elsewhere = "real", {**NAMES, "label": 0x7000}
    assert expect.check_step(machine(), step, elsewhere) == [
        "the mode is long, not real", "the CPU is at 6000h, not at label, 7000h"]
