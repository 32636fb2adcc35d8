#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Print docs/mistakes.md: the mistakes, told to a learner, from mistakes.txt and the patches.

Use: python3 tests/mistakes/page.py >docs/mistakes.md
"""
import itertools

import mistakes

HEAD = """\
# Mistakes that learners make

<!-- Written by tests/mistakes/page.py from tests/mistakes/mistakes.txt and the patches. -->

Your boot loader resets, or hangs, or works in QEMU and not on your PC. Here are {count} ways to get there.
Each was made on purpose in one small loader that is right, in
[tests/mistakes/right](../tests/mistakes/right), and each was seen to fail as told here.

The right loader is what one writes after a tutorial: 512 bytes that read the kernel, open A20 and go by
protected mode to long mode, and a kernel with an IDT, a timer and a stack for double faults. It says
`right: 20 ticks` when all is well. `ninja -C build mistakes` puts it and every broken one into
`build/mistakes/NAME`, each with its sources, `disk.img` and symbols (`boot.lst`, `boot.sym`, `kernel.elf`).
To see one for yourself:

    qemu-system-x86_64 -no-reboot -serial stdio -drive format=raw,file=build/mistakes/right/disk.img

`tools/explain` finds each of them in an image, yours too: [explain.md](explain.md).

    tools/explain build/mistakes/gdt-limit-short/disk.img

## Begin with what you see

| You see | It may be |
|---|---|
"""
SYMPTOMS = {
    "no boot": "The BIOS says that there is no bootable device",
    "reset": "It resets, again and again, before the kernel says a word",
    "reset or hang": "It resets or hangs before the kernel says a word, not always in the same way",
    "late reset": "The kernel speaks, then it resets",
    "disk error": "The boot sector's own `disk error`",
    "hang": "Nothing happens any more",
    "says": "It goes on, and is wrong",
    "nothing on the screen": "The screen stays as it was",
}
HIDDEN = "It works in QEMU, and not on another machine"
# How a sentence ends that begins with "Seen"; see machines.py.
MACHINES = {
    "plain": "in a plain QEMU",
    "bochs": "in Bochs",
    "floppy": "in QEMU from a floppy",
    "DS=junk": "with a BIOS that leaves anything in the segment registers",
    "CS=07C0": "with a BIOS that jumps to 07C0:0000",
    "DF set": "with a BIOS that leaves DF set",
    "BPB written": "with a BIOS that writes into the BPB's place",
    "A20 closed": "with a BIOS that leaves A20 closed",
    "fast clock": "with a clock of ten thousand ticks a second",
    "poisoned RAM": "where RAM does not begin as zeros",
}
ENDS = {
    "no boot": "the BIOS finds no bootable device",
    "reset": "the machine resets",
    "hang": "the machine hangs",
    "reset or hang": "the machine resets or hangs; the CPU executes whatever lies there",
    "nothing on the screen": "nothing on the screen, though the serial port has every word",
}


def symptom(sees):
    if sees.ends == "reset" and sees.after:
        return "late reset"
    return sees.screen if sees.screen in SYMPTOMS else sees.ends


def anchor(one):
    return f"[{one.name}](#{one.name})"


def index(found):
    """The table's rows: a symptom, and links."""
    for key, words in SYMPTOMS.items():
        links = [anchor(one) for one in found if key in {symptom(sees) for sees in one.sees.values()}]
        yield f"| {words} | {', '.join(links)} |"
    links = [anchor(one) for one in found if not one.in_plain_qemu]
    yield f"| {HIDDEN} | {', '.join(links)} |"


def told(sees):
    """What one sees, in words."""
    text = ENDS.get(sees.ends) or f"the kernel says `{sees.says}`"
    if sees.after:
        text += f" after `{sees.after}`"
    if sees.screen:
        text += f", with `{sees.screen}` on the screen"
    return text


def seen(one):
    """One sentence for each thing seen, with the machines that show it."""
    for sees, pairs in itertools.groupby(one.sees.items(), key=lambda pair: pair[1]):
        where = [MACHINES[machine] for machine, _ in pairs]
        places = " and ".join([", ".join(where[:-1]), where[-1]] if where[:-1] else where)
        text = told(sees)
        yield f"{text[0].upper()}{text[1:]} ({places})."


def fix(patch):
    """The patch the other way round: from the mistake to what is right."""
    _, [(_, lines)] = mistakes.hunks(patch)
    turned = {"-": "+", "+": "-", " ": " "}
    lines = [(turned[line[:1] or " "] + line[1:]).rstrip() for line in lines]
    for _, group in itertools.groupby(lines, key=lambda line: line[:1] in ("+", "-")):
        yield from sorted(group, key=lambda line: "-+".find(line[:1]) if line[:1] in ("+", "-") else 0)


def section(one):
    yield f"### {one.name}\n"
    hidden = "" if one.in_plain_qemu else " A plain QEMU boots it as if nothing were wrong."
    yield f"**You see:** {' '.join(seen(one))}{hidden}\n"
    yield f"**Why:** {one.cause}\n"
    yield f"**The cure**, at `{one.at}`:\n"
    yield "\n".join(["```diff", *fix(one.patch), "```", ""])


def page():
    found = mistakes.listed()
    parts = [HEAD.format(count=len(found)) + "\n".join(index(found)) + "\n"]
    for chapter, group in itertools.groupby(found, key=lambda one: one.chapter):
        parts.append(f"## {chapter}\n")
        for one in group:
            parts += section(one)
    return "\n".join(parts).rstrip("\n") + "\n"


if __name__ == "__main__":
    print(page(), end="")
