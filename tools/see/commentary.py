# SPDX-License-Identifier: MIT
"""What a debugger says when it stands at a boot step: see.steps as text for a terminal."""
import re
import shutil
import sys
import textwrap

from see import expect
from see.source import label_place
from see.steps import find, steps

WIDTH = 96  # at most: longer lines are hard to read
INDENT = " " * 8
PLACE = re.compile(r"\{([^}]*)\}")


def place_of(step, symbols):
    """(file, line) of a step's label, or None."""
    return label_place(step.label) or symbols.line(symbols.address(step.label))


def card(step, place, commands=()):
    """The text for one stop, as wide as the terminal.

    place     (file, line) of the label, or None
    commands  what to type to see what `look` names
    """
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 0)).columns)
    where = f"{place[0]}:{place[1]}" if place else "no source line"
    head = f"-- step {step.number} of {len(steps())}: {step.label} -- {step.mode} mode -- {where} "
    rows = [head.ljust(width, "-"), *wrapped("", f"{step.sentence[0].upper()}{step.sentence[1:]}.", width)]
    for title, text in (("before", step.happened), ("look", step.look)):
        rows += wrapped(title, text, width)
    rows += [f"{'type' if number == 0 else '':8}{command}" for number, command in enumerate(commands)]
    return "\n".join(rows + wrapped("next", step.next, width)) + "\n"


def wrapped(title, text, width):
    """A paragraph with its title in the margin."""
    lines = textwrap.wrap(" ".join(text.split()), width - len(INDENT), break_on_hyphens=False)
    return [f"{title if number == 0 else '':8}{line}" for number, line in enumerate(lines)]


def table():
    """Every step, a line each: number, mode, label, sentence."""
    longest = max(len(step.label) for step in steps())
    return "\n".join(f"{step.number:3}  {step.mode:5} {step.name:13} {step.label:{longest}}  {step.sentence}"
                     for step in steps())


def commands(text, names):
    """The commands of a step's `bochs` or `gdb`, with numbers for names."""
    return [PLACE.sub(lambda place: f"{expect.number(place[1], names):#x}", line)
            for line in text.splitlines()]


def bochs_commands(step, names):
    """The commands of Bochs's debugger for a step."""
    return commands(step.bochs, names)


def main():
    """`list`: the table. `number STEP`: the number of a step that is told in any way."""
    if sys.argv[1] == "list":
        print(table())
        return
    try:
        print(find(sys.argv[2]).number)
    except ValueError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
