# SPDX-License-Identifier: MIT
"""One linked image as a graph of calls: disassembly, the compiler's frame sizes, calls.txt."""

import fnmatch
import re

import depth
import elf
import frames

USAGE = re.compile(r"^.*:\d+:(.+)\t(\d+)\t(.+)$")


def read_usage(paths):
    """{function: {bytes}} of the compiler's .su files, and the functions whose frame is not fixed."""
    known, dynamic = {}, []
    for path in paths:
        for line in path.read_text().splitlines():
            name, size, kind = USAGE.match(line).groups()
            known.setdefault(name, set()).add(int(size))
            if kind != "static":
                dynamic.append(name)
    return known, dynamic


def source_functions(symbolizer_text):
    """The innermost function of each address, from llvm-symbolizer --inlines: blocks of lines."""
    return [block.splitlines()[0] for block in symbolizer_text.strip().split("\n\n")]


class Program:
    """
    sources(addresses)  the function each call stands in, in the source
    words               every name in the source: a function that is inlined wherever it is called is
                        in no image, and no pointer leads to it
    """

    def __init__(self, image, text, tables, sources, words=frozenset()):
        self.image, self.tables = image, tables
        self.functions = elf.Functions(image)
        self.names = {at: name for at, (name, _) in self.functions.spans.items()}
        self.by_name = {}
        for symbol in image.symbols:
            if symbol.address in self.names and symbol.kind != elf.SYMBOL_OBJECT:
                self.by_name.setdefault(symbol.name, set()).add(symbol.address)
        self.code = frames.disassembly(text)
        self.sources = sources
        self.words = words
        self.used = set()
        self.problems = set()   # what makes the result worthless, in words
        self.frames = {}
        self.targets = {}

    def find(self, name):
        """The starts of the functions called so (a static name may be there twice)."""
        if name not in self.by_name and name not in self.words:
            self.problems.add(f"there is no function {name}")
        return sorted(self.by_name.get(name, ()))

    def pointers(self, pattern):
        """Every function that an object of this name points to."""
        found, seen = set(), False
        for symbol in self.image.symbols:
            if symbol.kind != elf.SYMBOL_OBJECT or not fnmatch.fnmatchcase(symbol.name, pattern):
                continue
            seen = True
            found |= {self.image.word(at) for at in range(symbol.address,
                                                          symbol.address + symbol.size, 8)}
        if not seen:
            self.problems.add(f"there is no data called {pattern}")
        return sorted(found & set(self.names))

    def resolve(self, words):
        found = []
        for word in words:
            kind, _, name = word.rpartition(":")
            if kind == "data":
                found += self.pointers(name)
            elif kind == "group":
                if name not in self.tables.groups:
                    self.problems.add(f"there is no group {name}")
                found += self.resolve(self.tables.groups.get(name, ()))
            elif word != "nothing":
                found += self.find(word)
        return found

    def reach(self, roots):
        """Read every function that the roots lead to."""
        waiting = list(roots)
        while waiting:
            at = waiting.pop()
            if at in self.frames:
                continue
            self.frames[at] = self.read(at)
            self.targets[at] = self.callees(self.frames[at]) if self.names[at] not in self.tables.cuts \
                else []
            waiting += [edge.callee for edge in self.targets[at]]

    def read(self, at):
        name, end = self.functions.spans[at]
        frame = frames.read_function(self.code, self.image, at, end)
        if frame.switches and name not in self.tables.cuts:
            self.problems.add(f"{name} changes to another stack and is not listed")
        return frame

    def callees(self, frame):
        """The edges of each call of a frame."""
        found = []
        indirect = [call for call in frame.calls if call.target is None]
        for call, source in zip(indirect, self.sources([call.site for call in indirect])):
            if source not in self.tables.calls:
                self.problems.add(f"the call through a pointer in {source} is not listed")
                continue
            self.used.add(source)
            found += [depth.Edge(call.depth, call.tail, callee, source)
                      for callee in self.resolve(self.tables.calls[source])]
        for call in frame.calls:
            if call.target is not None:
                callee = self.functions.containing(call.target)
                if callee is None:
                    self.problems.add(f"{call.site:#x}: a call to no function at {call.target:#x}")
                    continue
                found.append(depth.Edge(call.depth, call.tail, callee))
        return found

    def graph(self):
        nodes = {at: depth.Node(self.names[at], frame.own, self.targets[at])
                 for at, frame in self.frames.items()}
        limits = {at: entries for name, entries in self.tables.limits.items()
                  for at in self.find(name) if at in nodes}
        only = {at: {place: set(self.resolve(targets))}
                for name, (place, targets) in self.tables.only.items() for at in self.find(name)}
        return depth.Graph(nodes, limits, only)

    def stale(self):
        """Names in calls.txt that are not in the image, and listed calls that are made nowhere."""
        listed = [*self.tables.limits, *self.tables.cuts, *self.tables.grows, *self.tables.only]
        return sorted([name for name in listed
                       if name not in self.by_name and name not in self.words] +
                      [name for name in self.tables.calls if name not in self.used])


def constant(image, constants, text):
    """A stack's size: one name, or END-FIRST. A name is a constant or a label."""
    values = [constants[word] if word in constants else image.value(word)
              for word in text.split("-")]
    return values[0] if len(values) == 1 else values[0] - values[1]


def read_constants(text):
    """The numbers that NASM's %define and C's #define give a name in this text."""
    found = re.findall(r"^[%#]define (\w+) +(0x[0-9a-fA-F]+|\d+)$", text, re.MULTILINE)
    return {name: int(value, 0) for name, value in found}
