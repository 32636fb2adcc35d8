# SPDX-License-Identifier: MIT
"""tools/debug bochs: between the user and Bochs's debugger. Every line goes through to Bochs and all
that Bochs says comes back; at each boot step the commentary is added, and a few words are ours.
"""
import argparse
import contextlib
import os
import pathlib
import re
import readline  # noqa: F401: gives input() its history and editing
import signal
import subprocess
import sys

from see import commentary, expect, source
from see.bochs_debugger import BochsDebugger, Ended, stop_address
from see.steps import ROOT, find, steps
from vmlib import paths
from vmlib.screen import COLUMNS, ROWS, TEXT_BYTES, TEXT_PHYS, text_lines

STEMS = ("stage1", "stage2", "kernel")
CONNECTED = re.compile(r'Bochs connected to screen "([^"]+)"')
HELP = """\
Words of tools/debug, besides all of Bochs's own (its list follows):
    next step      run to the next boot step (so does c, unless something stops it before)
    to STEP        run to a boot step: its number, name or label
    explain        the commentary of the step that was reached last, again
    where          the source line the CPU is at, and the last step
    check          compare the machine with what this step promises
    steps          all boot steps
    screen         the machine's text screen
Ctrl-C stops the running machine; q ends.
"""


class Console:
    """The machine's serial port, which Bochs writes to a file: shown line by line."""

    def __init__(self, path):
        self.stream = path.open("r", errors="replace", newline="")
        self.line = ""

    def show(self, all_of_it=False):
        """Print what is complete; the line that has only begun as well if the machine stands."""
        fresh = self.stream.read().replace("\r", "")
        *lines, rest = (self.line + fresh).split("\n")
        for line in lines:
            print(f"[console] {line}".rstrip())
        self.line = rest
        if all_of_it and fresh and rest:
            print(f"[console] {rest}")


class Talk:
    """One sitting. `answers` is what the user sees of Bochs; `words` are ours."""

    def __init__(self, debugger, console, symbols):
        self.debugger, self.console, self.symbols = debugger, console, symbols
        self.names = expect.names()
        self.addresses = {self.names[step.label]: step for step in steps()}
        self.address = None  # of the last stop
        self.step = None  # the last one that was reached
        self.command = ""  # the user's last to Bochs, which an empty line repeats

    def begin(self, step):
        """Load the symbols, set a breakpoint at each step (of the same number), run to `step`."""
        said = self.debugger.until_prompt()
        screen = CONNECTED.search(said)
        if screen:
            open_screen(screen[1])
        for command in opening(step):
            self.debugger.ask(command)
        self.run("c")
        for earlier in range(1, step.number):
            self.debugger.ask(f"bpe {earlier}")

    def run(self, command):
        """Give Bochs a command of the user's, show all that comes of it."""
        with forwarded(self.debugger):
            said = self.debugger.ask(command, heard=show, idle=self.console.show)
        self.console.show(all_of_it=True)
        address = stop_address(said)
        if address is None:
            return
        moved, self.address = address != self.address, address
        if moved and address in self.addresses:
            self.step = self.addresses[address]
            self.explain()

    def handle(self, line):
        """One line of the user's."""
        word, _, rest = line.strip().partition(" ")
        ours = {"explain": self.explain, "where": self.where, "check": self.check,
                "steps": lambda: print(commentary.table()), "screen": self.screen}
        if word in ours and not rest:
            ours[word]()
        elif word == "to":
            self.go_to(rest)
        elif line.split() == ["next", "step"]:
            number = self.step.number + 1 if self.step else 1
            self.go_to(str(number)) if number <= len(steps()) else print("That was the last step.")
        else:
            if word in ("help", "h") and not rest:
                print(HELP)
            self.command = line.strip() or self.command
            self.run(self.command)

    def go_to(self, text):
        """Run to a step; the breakpoints of all other steps are off meanwhile."""
        try:
            wanted = find(text)
        except ValueError as problem:
            print(problem)
            return
        if self.step and wanted.number <= self.step.number:
            print(f"Step {wanted.number} is over: a boot does not run backwards. Begin again with\n"
                  f"    tools/debug bochs {wanted.number}")
            return
        between = range(self.step.number + 1 if self.step else 1, wanted.number)
        for number in between:
            self.debugger.ask(f"bpd {number}")
        self.run("c")
        for number in between:
            self.debugger.ask(f"bpe {number}")

    def explain(self):
        if self.step is None:
            print("No boot step was reached yet.")
            return
        print(commentary.card(self.step, commentary.place_of(self.step, self.symbols),
                              commentary.bochs_commands(self.step, self.names)), end="")

    def where(self):
        machine = self.debugger.state()
        address = machine.linear_rip
        place = self.symbols.line(address)
        line = f"{place[0]}:{place[1]}" if place else "no source line known: the BIOS's?"
        print(f"{address:X}h, {self.symbols.name(address) or 'no label'}, {line}, {machine.mode} mode")
        if self.step:
            print(f"last step: {self.step.number}, {self.step.label}: {self.step.sentence}")

    def check(self):
        if self.step is None or self.address != self.names[self.step.label]:
            print("Only where a step begins is it known what must hold.")
            return
        wrong = expect.check_step(self.debugger.state(), self.step, self.names)
        for sentence in wrong:
            print(f"wrong: {sentence}")
        promises = len(expect.clauses(self.step.expect)) + 2  # the mode and the place
        print(f"{promises - len(wrong)} of {promises} promises of step {self.step.number} hold.")

    def screen(self):
        print("\n".join(text_lines(self.debugger.read(TEXT_PHYS, TEXT_BYTES))).rstrip())


def opening(step):
    """What Bochs is told at the start. Breakpoint N is step N; those before `step` are off.

    Bochs has room for 16 physical and 16 linear breakpoints. Where the loader runs, an address is
    both, so its steps take physical ones and leave the linear ones to the user.
    """
    symbols = [f'ldsym global "{paths.BUILD / stem}.sym"' for stem in STEMS]
    known = expect.names()
    breakpoints = [f"{'lb' if other.name == 'KERNEL_ENTRY' else 'pb'} {known[other.label]:#x}"
                   for other in steps()]
    return symbols + breakpoints + [f"bpd {number}" for number in range(1, step.number)]


def open_screen(name):
    """Show Bochs's pseudo-terminal beside this terminal if tmux can; else tell how to."""
    viewer = [str(ROOT / "tools/debug"), "bochs", "--screen", name]
    if "TMUX" in os.environ:
        subprocess.run(["tmux", "split-window", "-d", "-v", "-l", str(ROWS), *viewer], check=False)
    else:
        print(f"The machine's screen is {name}. In another terminal of at least {COLUMNS} by {ROWS}:\n"
              f"    tools/debug bochs --screen {name}")
        input("Then press Enter here: Bochs waits for a screen that nobody reads. ")


def show(text):
    print(text, end="", flush=True)


@contextlib.contextmanager
def forwarded(debugger):
    """Ctrl-C goes to Bochs."""
    before = signal.signal(signal.SIGINT, lambda *_: debugger.interrupt())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def lines_of_user(talk):
    """What the user types, up to the end of input; Ctrl-C forgets the line."""
    while True:
        try:
            line = input(talk.debugger.prompt)
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print()
            continue
        if not sys.stdin.isatty():
            print(line)
        yield line


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=int, required=True)
    parser.add_argument("--console", type=pathlib.Path, required=True, help="the serial port's file")
    parser.add_argument("bochs", nargs="+", help="Bochs's arguments")
    options = parser.parse_args()
    debugger = BochsDebugger(options.bochs)
    talk = Talk(debugger, Console(options.console), source.Symbols.of_build(paths.BUILD))
    try:
        talk.begin(find(str(options.step)))
        for line in lines_of_user(talk):
            talk.handle(line)
    except Ended as end:
        if not talk.debugger.prompt:
            print(end)  # nobody has shown it yet: it did not even start
        talk.console.show(all_of_it=True)
        print("Bochs has ended.")
    finally:
        debugger.close()


if __name__ == "__main__":
    main()
