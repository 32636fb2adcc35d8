#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tools/explain says of each image of tests/mistakes what its one mistake is, and where; and of right ones
that nothing is wrong.
"""
import re
import sys

import pytest

from vmlib import paths

sys.path.insert(0, str(paths.SOURCE / "tests/mistakes"))
import mistakes  # noqa: E402
from see.explain import engine, report  # noqa: E402

LEAST = 30
NEAR_LINES = 3
# Where the line is not in what the image was built from, or not one that ran: the entry that must be told.
ENTRIES = {
    "no-signature": r"bytes 510 and 511 of sector 0: (?!55 AA)",
    "signature-misplaced": r"55 AA at byte 512",
    "signature-swapped": r"bytes 510 and 511 of sector 0: AA 55",
    "org-missing": r"address [0-9A-F]+h instead of 7C[0-9A-F]+h",
    "ds-not-set": r"DS = [0-9A-F]{4}h",
    "direction-flag": r"DF",
    "no-room-for-bpb": r"bytes 3 to 59h of sector 0",
    "drive-number-lost": r"DL = 00h, booted from 80h",
    "stack-in-the-way": r"stack at 7[CD][0-9A-F]{2}h, inside 7C00h to 7DFFh",
    "load-over-itself": r"buffer 7000h to 8FFFh",
    "too-few-sectors": r"\d+ sectors read, \d+ needed",
    "too-many-sectors": r"AL = 200 sectors",
    "read-across-64k": r"buffer 1F000h to 20FFFh",
    "a20-closed": r"address 100000h, bit 20 set",
    "gdt-pointer-wrong": r"GDTR = [0-9A-F]+h, limit 1Fh; the GDT is at 7D[0-9A-F]{2}h",
    "gdt-limit-short": r"GDTR limit 17h; GDT entry 3 ",
    "gdt-no-null": r"GDT entry 0 .*code",
    "gdt-code-not-executable": r"GDT entry 1 .*data",
    "gdt-granularity-missing": r"limit FFFFFh; GDT entry 2 ",
    "data-segment-not-loaded": r"DS = 0000h, base 0h, limit FFFFh",
    "page-tables-misaligned": r"PML4 at 1000h, entry 0 = 12[0-9A-F]3h",
    "huge-page-bit-missing": r"PD at 3000h, entry 0 = ",
    "cr3-not-loaded": r"CR3 = 0",
    "pae-off": r"CR4 = 0h \(none\): PAE is 0",
    "code64-l-bit": r"GDT entry 3 .*32-bit code",
    "elf-as-flat": r"7F 45 4C 46 at 100000h",
    "entry-not-first": r" at 100000h, entry at ",
    "link-address-wrong": r"runs at 100000h, linked for 1000000h",
    "sse-not-enabled": r"CR4 = \w+h \(PAE\)",
    "stack-misaligned": r"RSP = [0-9A-F]+h, operand [0-9A-F]+8h",
    "red-zone": r"IST 0: the frame goes to the interrupted stack",
    "idt-pointer-not-packed": r"GDTR = [0-9A-F]+h, limit \w+h; the table is at 10\w+h",
    "idt-limit-short": r"limit 107h; IDT gate 32: ",
    "idt-gate-32bit": r"IDT gate \d+: ",
    "idt-selector-wrong": r"IDT gate \d+: .*to 8h:.*GDT entry 1 .*32-bit code",
    "pic-not-remapped": r"IRQ 0 on IDT gate 8",
    "eoi-missing": r"IDT gate 32: ",
    "ist-missing": r"IDT gate 8: .*IST 0; stack: PD entry 1: not present",
    "tss-not-loaded": r"TR = 0; IDT gate 8: .*IST 1",
    "tss-limit": r"GDT entry 4 .*limit 7h.*IDT gate 8: .*IST 1",
    "error-code-pushed-twice": r"stack: 2h \(error code\)",
    "vga-address-typo": r"first address written B80000h",
    "vga-address-mono": r"first address written B0000h",
    "volatile-missing": r"ticks.* is never read in the loop",
}
ALL = mistakes.listed()


def explained(image):
    e, findings = engine.examine(image)
    return report.verdict(e, findings), findings, report.as_text(e, image.name, findings)


def names_line(text, wanted):
    """Whether a paragraph names this line, or one next to it, folded lines joined."""
    file, line = wanted.split(":")
    joined = re.sub(r"\n {16}", "", text)
    return any(abs(int(line) - int(number)) <= NEAR_LINES
               for number in re.findall(rf"\b{re.escape(file)}:(\d+)", joined))


def test_there_are_enough():
    assert len(ALL) >= LEAST
    assert not set(ENTRIES) - {mistake.diagnosis for mistake in ALL}


@pytest.mark.parametrize("mistake", ALL, ids=[mistake.name for mistake in ALL])
def test_mistake(mistake):
    verdict, findings, text = explained(paths.BUILD / "mistakes" / mistake.name / "disk.img")
    assert verdict in ("wrong", "latent"), text
    assert findings[0].id == mistake.diagnosis, text
    entry = ENTRIES.get(mistake.diagnosis)
    told = entry is not None and re.search(entry, findings[0].entry) is not None
    assert told or names_line(text, mistake.at), text


@pytest.mark.parametrize("image", [paths.BUILD / "mistakes/right/disk.img", paths.IMAGE], ids=["learner", "ours"])
def test_right(image):
    verdict, findings, text = explained(image)
    assert verdict == "fine" and not findings, text
    assert "Nothing is wrong: it runs" in text
