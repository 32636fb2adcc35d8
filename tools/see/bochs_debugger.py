# SPDX-License-Identifier: MIT
"""Bochs's own debugger, driven through pipes: commands in, text out, and the machine's state read by
its commands. Decides nothing; `see.bochs_talk` and the tests do.

Bochs runs in a process group of its own: a Ctrl-C in the terminal reaches the caller alone, who
passes it on with `interrupt`.
Spec: Bochs User Manual, section 8.8 "Using the Bochs internal debugger".
"""
import os
import re
import select
import signal
import subprocess

from see.expect import State
from see.state import Segment

PROMPT = re.compile(rb"<bochs:\d+> $")
SCREEN_SIZE = {"COLUMNS": "80", "LINES": "25"}  # of the display `term`: VGA's text
BLOCK_BYTES = 1 << 16
POLL_S = 0.1  # how often `idle` is called while the machine runs
# The line that every stop ends with: [physical] selector:offset (symbol): instruction.
STOP = re.compile(r"(?m)^\(0\) \[0x[0-9a-f]+\] ([0-9a-f]{4}):([0-9a-f]+) ")
REGISTER = re.compile(r"(?m)^(r\w+) *: ([0-9a-f]{8})_([0-9a-f]{8})$")
FLAGS = re.compile(r"(?m)^eflags (0x[0-9a-f]+)")
CONTROL = re.compile(r"(?m)^(CR[0-4]|EFER)=(0x[0-9a-f]+)")
SEGMENT = re.compile(r"(?m)^([c-gs]s|ldtr|tr):(0x[0-9a-f]+), dh=(0x[0-9a-f]+), dl=(0x[0-9a-f]+)")
TABLE = re.compile(r"(?m)^([gi]dtr):base=(0x[0-9a-f]+), limit=(0x[0-9a-f]+)")
BYTE = re.compile(r"0x([0-9a-f]{2})\b")
A20 = "pc_system.enable_a20"  # in Bochs's tree of all that it saves
REAL_OFFSET_DIGITS = 4
GRANULAR = 1 << 23  # of a descriptor's second word: its limit counts pages
PAGE_MASK = 0xFFF


class Ended(Exception):
    """Bochs is gone; the text is what it said last."""


class BochsDebugger:
    """A Bochs at its prompt, once `until_prompt` has returned."""

    def __init__(self, arguments):
        self.process = subprocess.Popen(
            ["bochs", "-q", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True, env=os.environ | SCREEN_SIZE)
        self.prompt = ""
        self.output = self.process.stdout.fileno()

    def ask(self, command, heard=lambda text: None, idle=lambda: None):
        """Give a command; what Bochs says up to its next prompt, without it.

        heard  gets that text too, piece by piece
        idle   is called now and then while Bochs says nothing
        """
        line = command.encode() + b"\n"
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # what it said before it went is still to be read
        return self.until_prompt(heard, idle, echo=line)

    def until_prompt(self, heard=lambda text: None, idle=lambda: None, echo=b""):
        """As ask(); `echo` is the command that Bochs, not on a terminal, repeats first."""
        said, passed_on, prompt = b"", 0, None
        while not prompt:
            if not select.select([self.output], [], [], POLL_S)[0]:
                heard(said[passed_on:].decode(errors="replace"))
                passed_on = len(said)
                idle()
                continue
            block = os.read(self.output, BLOCK_BYTES)
            if not block:
                heard(said[passed_on:].decode(errors="replace"))
                self.process.wait()
                raise Ended(said.decode(errors="replace"))
            said += block
            if echo and said.startswith(echo):
                said, echo = said[len(echo):], b""
            prompt = PROMPT.search(said)
        self.prompt = prompt[0].decode()
        said = said[:prompt.start()]
        heard(said[passed_on:].decode(errors="replace"))
        return said.decode(errors="replace")

    def interrupt(self):
        """Stop the running machine, as Ctrl-C does where Bochs owns the terminal."""
        self.process.send_signal(signal.SIGINT)

    def close(self):
        """End Bochs, if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def read(self, phys, count):
        """Physical memory."""
        text = self.ask(f"xp /{count}bx {phys:#x}")
        # An address comes first on each line, and is longer than a byte.
        return bytes(int(digits, 16) for digits in BYTE.findall(text))

    def is_a20_on(self):
        return "= true" in self.ask(f'show "{A20}"')

    def state(self):
        """The stopped machine as a State; its memory is read when it is asked for."""
        text = self.ask("r") + self.ask("sreg") + self.ask("creg")
        registers = {name: int(high + low, 16) for name, high, low in REGISTER.findall(text)}
        registers["rflags"] = int(FLAGS.search(text)[1], 16)
        registers |= {name.lower(): int(value, 16) for name, value in CONTROL.findall(text)}
        for name, base, limit in TABLE.findall(text):
            registers[f"{name}_base"], registers[f"{name}_limit"] = int(base, 16), int(limit, 16)
        segments = {name: segment(int(selector, 16), int(high, 16), int(low, 16))
                    for name, selector, high, low in SEGMENT.findall(text)}
        registers["tr"], registers["ldtr"] = (segments.pop(name).selector for name in ("tr", "ldtr"))
        return State(registers, segments, self.is_a20_on(), self.read)


def segment(selector, high, low):
    """From the descriptor's two words, as `sreg` shows them."""
    limit = high & 0xF0000 | low & 0xFFFF
    if high & GRANULAR:
        limit = limit << 12 | PAGE_MASK
    base = high & 0xFF000000 | (high & 0xFF) << 16 | low >> 16
    return Segment(selector, base, limit, high >> 8 & 0xF0FF)


def stop_address(text):
    """The linear address of the last stop in Bochs's text, or None. All segments but real mode's
    begin at 0 in this boot."""
    stops = STOP.findall(text)
    if not stops:
        return None
    selector, offset = stops[-1]
    base = int(selector, 16) << 4 if len(offset) == REAL_OFFSET_DIGITS else 0
    return base + int(offset, 16)
