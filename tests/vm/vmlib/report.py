# SPDX-License-Identifier: MIT
"""A panic's report taken apart, and its words without the numbers that every build changes."""
import re

REGISTERS = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11",
             "r12", "r13", "r14", "r15", "cr2", "cr3", "cs", "ss", "rflags", "cr0", "cr4"]
START = re.compile(r"(?m)^coldstart: panic: ")
# What changes with every build: addresses in the image and of tables, offsets, room on a stack.
CHANGES = [(re.compile(r"0xffffffff8[0-9a-f]{7}"), "…"), (re.compile(r"0x[0-9a-f]{16}"), "…"),
           (re.compile(r"(tables|table|frame|KiB|MiB|GiB) at 0x[0-9a-f]+"), r"\1 at …"),
           (re.compile(r"\+0x[0-9a-f]+"), ""), (re.compile(r"\d+ bytes left"), "… bytes left"),
           (re.compile(r"(level [123], entry) \d+"), r"\1 …")]


def words(text):
    for pattern, instead in CHANGES:
        text = pattern.sub(instead, text)
    return text


class Report:
    """head: the lines before the registers; walk: those of the page tables; both in words."""

    def __init__(self, serial):
        text = serial[START.search(serial).start():]
        self.text = text
        head, _, rest = text.partition("Registers:\n")
        self.head = words(head)
        values, _, rest = rest.partition("Backtrace, innermost first:\n")
        self.registers = re.findall(r"\b([a-z][a-z0-9]+) +0x[0-9a-f]+", values)
        trace, _, walk = rest.partition("Page tables at ")
        self.functions = re.findall(r"(?m)^ +\d+  0x[0-9a-f]{16} ([^\s+]+)", trace)
        self.walk = words("Page tables at " + walk.partition("coldstart: after")[0]) if walk else ""

    @property
    def words(self):
        return self.head + self.walk


def expected(path):
    """{name: words} of a file of sections, each under a line `== NAME`."""
    sections = re.split(r"(?m)^== ([a-z0-9-]+)\n", path.read_text(encoding="utf-8"))
    return dict(zip(sections[1::2], sections[2::2]))
