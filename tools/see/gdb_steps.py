# SPDX-License-Identifier: MIT
"""The boot steps in GDB: the line and the commentary at a stop, and going on from step to step."""
import gdb

from see import commentary, expect, steps
from see.gdb_command import Command, is_running
from vmlib import screen


class Mark(gdb.Breakpoint):
    """At a step's label, out of the user's sight: notes that the boot has come here, and stops it when
    that was asked for."""

    def __init__(self, step, address, journey):
        super().__init__(f"*{address:#x}", type=gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        self.silent = True
        self.step, self.journey = step, journey

    def stop(self):
        return self.journey.arrive(self.step)


class Journey:
    """How far the boot has come. `wanted` tells of a step whether to stop there."""

    def __init__(self, machine, symbols):
        self.machine, self.symbols = machine, symbols
        self.reached, self.wanted = None, lambda step: False
        self.addresses = {step.number: symbols.address(step.label) for step in steps.steps()}
        for step in steps.steps():
            Mark(step, self.addresses[step.number], self)

    def arrive(self, step):
        self.reached = step
        return self.wanted(step)

    def at_label(self):
        """The step whose first instruction is next, or None."""
        here = self.machine.now.linear_rip
        for step in steps.steps():
            if self.addresses[step.number] == here:
                return step
        return None

    def run(self, wanted=lambda step: False):
        """Go on, to a step that `wanted` tells or to what else stops it."""
        self.wanted = wanted
        try:
            gdb.execute("continue", to_string=True)
        finally:
            self.wanted = lambda step: False

    def place(self):
        """One line: mode, CS:IP, label, source line, step."""
        now = self.machine.now
        rip, selector = now.registers["rip"], now.segments["cs"].selector
        words = [now.mode, f"{rip:016x}" if now.mode == "long" else f"{selector:04X}:{rip:04X}"]
        if self.machine.in_bios:
            words.append(bios_words())
        else:
            words += self.source_words(now.linear_rip)
        if self.reached:
            words.append(f"(step {self.reached.number}, {self.reached.label})")
        return "  ".join(words)

    def source_words(self, address):
        line = self.symbols.line(address)
        if not line and not self.machine.code.stretches.of(address):
            return ["no code of ours"]
        return [self.symbols.name(address)] + ([f"{line[0]}:{line[1]}"] if line and line[1] else [])

    def card(self, step):
        """The commentary of a step, with what to type."""
        place = commentary.place_of(step, self.symbols)
        typed = commentary.commands(step.gdb, expect.names())
        return commentary.card(step, place, typed)

    def tell_arrival(self):
        """What was swallowed of GDB's own words, with the commentary where a step begins."""
        if not is_running():
            raise gdb.GdbError("the machine has ended; leave with quit")
        step = self.at_label()
        print(self.card(step).rstrip() if step else self.place())
        if not self.machine.in_bios:
            gdb.execute("frame")
        gdb.execute("display")


def bios_words():
    """Whose call the BIOS serves, if the stack tells."""
    older = gdb.newest_frame().older()
    if older is None or not older.pc():
        return "inside the BIOS"
    caller = gdb.format_address(older.pc()).partition(" ")[2].strip("<>") or f"{older.pc():#x}"
    return f"inside the BIOS, called before {caller}; finish goes back"


class StepList(Command):
    """Every step of the boot: number, mode, name, label, sentence.

    The step that the boot has reached is marked."""
    name = "step-list"

    def __init__(self, journey):
        super().__init__()
        self.journey = journey

    def run(self, _):
        reached = self.journey.reached.number if self.journey.reached else 0
        for line in commentary.table().splitlines():
            number = int(line.split()[0])
            print(("->" if number == reached else "  ") + line)


class NextStep(Command):
    """Go on to the next step of the boot and tell what it is about.

    A breakpoint on the way stops first."""
    name = "next-step"

    def __init__(self, journey):
        super().__init__()
        self.journey = journey

    def run(self, _):
        last = self.journey.reached
        if last and last.number == len(steps.steps()):
            raise gdb.GdbError("that was the last step; `continue` boots on, `break` stops in the kernel")
        self.journey.run(lambda step: True)
        self.journey.tell_arrival()


class StopAt(Command):
    """Go on to a place and stop there, once: stop-at WHERE

    WHERE is a step (number, name or label, see step-list), a label or function of any part of the
    boot, FILE:LINE, or *ADDRESS. The code need not be in memory yet."""
    name = "stop-at"

    def __init__(self, journey):
        super().__init__()
        self.journey = journey

    def run(self, text):
        if not text:
            raise gdb.GdbError("stop-at WHERE: a step, a label, FILE:LINE or *ADDRESS")
        try:
            goal = steps.find(text)
        except ValueError as problem:
            self.run_to_place(text, problem)
            return
        reached = self.journey.reached
        if self.journey.at_label() is goal:
            self.journey.tell_arrival()
            return
        if reached and reached.number >= goal.number:
            raise gdb.GdbError(f"step {goal.number} is over; the boot goes forward only. Leave with "
                               f"quit and start again: tools/debug gdb {goal.number}")
        self.journey.run(lambda step: step.number == goal.number)
        self.journey.tell_arrival()

    def run_to_place(self, text, problem):
        """Every place of a name: the hand-off's code runs as a copy."""
        if text.isdigit():
            raise gdb.GdbError(str(problem))
        places = [f"*{address:#x}" for address, name in self.journey.symbols.names if name == text]
        places = places or [text]
        try:
            gdb.decode_line(places[0])
        except gdb.error as error:
            raise gdb.GdbError(f"{error} Nor is it a step: {problem}")
        marks = [gdb.Breakpoint(place, type=gdb.BP_HARDWARE_BREAKPOINT, internal=True)
                 for place in places]
        for mark in marks:
            mark.silent = True
        try:
            self.journey.run()
        finally:
            for mark in marks:
                if mark.is_valid():
                    mark.delete()
        self.journey.tell_arrival()


class Explain(Command):
    """Tell about a step: explain [STEP]

    What just happened, what to look at, what comes next. Without STEP: the one that was reached
    last."""
    name = "explain"

    def __init__(self, journey):
        super().__init__()
        self.journey = journey

    def run(self, text):
        step = self.journey.reached
        if text:
            try:
                step = steps.find(text)
            except ValueError as problem:
                raise gdb.GdbError(str(problem))
        if step is None:
            raise gdb.GdbError("the boot has not come to its first step yet; next-step goes there")
        print(self.journey.card(step), end="")


class StopLine(Command):
    """One line about where the machine stands: mode, CS:IP, label, source line, step.

    It is shown at every stop."""
    name = "where-now"

    def __init__(self, journey):
        super().__init__()
        self.journey = journey

    def run(self, _):
        print(self.journey.place())


class Check(Command):
    """Compare the machine with what the step at hand promises, in every clause of steps.txt."""
    name = "check"

    def __init__(self, journey):
        super().__init__()
        self.journey = journey

    def run(self, _):
        step = self.journey.at_label()
        if step is None:
            raise gdb.GdbError("this is not the first instruction of a step: nothing is promised here")
        wrong = expect.check_step(self.journey.machine.now, step, expect.names())
        promised = len(expect.clauses(step.expect)) + 2  # the place and the mode
        for sentence in wrong:
            print(f"wrong: {sentence}")
        print(f"{promised - len(wrong)} of {promised} promises of step {step.number} hold.")


class Screen(Command):
    """The machine's text screen, 80 by 25."""
    name = "screen"

    def __init__(self, journey):
        super().__init__()
        self.journey = journey

    def run(self, _):
        lines = screen.text_lines(self.journey.machine.read(screen.TEXT_PHYS, screen.TEXT_BYTES))
        print("\n".join(line.rstrip() for line in lines).rstrip())


class CanFinish(Command):
    """Whether there is a caller to go back to. GDB's finish asks before it starts."""
    name = "can-finish"

    def run(self, _):
        older = gdb.selected_frame().older()
        if older is None or not older.pc():
            raise gdb.GdbError("nobody called this place, it was jumped to: there is nowhere to finish to")


def register(journey):
    for command in (StepList, NextStep, StopAt, Explain, Check, Screen, StopLine):
        command(journey)
    CanFinish()
    gdb.execute("define hook-stop\nwhere-now\nend")
    gdb.execute("define hook-finish\ncan-finish\nend")
