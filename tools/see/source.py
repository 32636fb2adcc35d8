# SPDX-License-Identifier: MIT
"""From an address to its name, its source line and its instruction, in every mode.

Names come from symbol maps (lines `hexaddress name`), lines from DWARF (the .debug files) or from
NASM's listing of a flat binary, instructions from ndisasm, which needs to be told the bits.
"""
import bisect
import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PARTS = ("stage1", "stage2", "kernel")
STAGE1_ORIGIN = 0x7C00
HANDOFF_LISTING = "stage2/stage2_asm.dir/handoff.o.lst"
LISTING = re.compile(r"^ *(\d+) ([0-9A-F]{8}) ([0-9A-F()\[\]<>a-z -]+?)(?: {2,}|\s*$|-)")
LISTING_LINE = re.compile(r"^ *(\d+) ")
LINK_MARK = re.compile(r"_(first|end|base)$")
MACRO_FILE = ".inc"
INNER = re.compile(r"<\d+>")  # a line out of a macro or an include file
ROW = re.compile(r"^0x([0-9a-f]{16}) +(\d+) +\d+ +(\d+) .*?(end_sequence)?$")
DISASSEMBLED = re.compile(r"^([0-9A-F]{8,16})  ([0-9A-F]+) +(.*)$")
CONTINUED = re.compile(r"^ +-([0-9A-F]+)$")


class Symbols:
    """Names and lines of one boot's code."""

    def __init__(self):
        self.names = []  # (address, name), sorted
        self.lines = []  # (address, file, line), sorted; file "" ends a sequence

    @classmethod
    def of_build(cls, build, root=ROOT, parts=PARTS):
        """Of a build folder: stage 1, stage 2 and the kernel, as far as they are there."""
        build, symbols = pathlib.Path(build), cls()
        for stem in parts:
            if (build / f"{stem}.sym").exists():
                symbols.add_names(build / f"{stem}.sym")
            if (build / f"{stem}.debug").exists():
                symbols.add_dwarf(build / f"{stem}.debug", root)
        if "stage1" in parts and (build / "stage1.lst").exists():
            symbols.add_listing(build / "stage1.lst", STAGE1_ORIGIN, "stage1/mbr.asm")
        if "stage2" in parts and (build / HANDOFF_LISTING).exists():
            symbols.add_handoff(build)
        return symbols

    def add_handoff(self, build):
        """handoff_code lies in stage 2 as data, and runs as a copy, on a page of its own."""
        constants = (build / "generated/constants.inc").read_text()
        copy = int(re.search(r"%define BOOT_HANDOFF_BASE (\w+)", constants).group(1), 16)
        first = self.address("handoff_code")
        for name, address in [(name, at) for at, name in self.names
                              if first <= at < self.address("handoff_code_end")]:
            self.names.append((address - first + copy, name))
        self.names.sort(key=lambda pair: pair[0])
        for origin in (first, copy):
            self.add_listing(build / HANDOFF_LISTING, origin, "stage2/handoff.asm")

    def add_names(self, path):
        pairs = (line.split() for line in pathlib.Path(path).read_text().splitlines())
        self.names += [(int(pair[0], 16), pair[-1]) for pair in pairs if len(pair) >= 2]
        # Of several names of one place the last is shown; a link script's marks are the last resort.
        self.names.sort(key=lambda pair: (pair[0], not LINK_MARK.search(pair[1])))

    def add_listing(self, path, origin, file):
        """NASM's listing (-l) of a flat binary that lies at `origin`."""
        top, found, end = 0, [], origin
        for text in pathlib.Path(path).read_text(errors="replace").splitlines():
            number = LISTING_LINE.match(text)
            if number and not INNER.search(text[:45]):
                top = int(number.group(1))
            match = LISTING.match(text)
            if match:
                found.append((origin + int(match.group(2), 16), file, top))
                end = found[-1][0] + len(re.sub("[^0-9A-F]", "", match.group(3))) // 2
        self.lines += [*found, (end, "", 0)] if found else []
        self.lines.sort(key=lambda row: row[0])

    def add_dwarf(self, path, root=ROOT):
        """The line tables of an ELF, paths told from `root`."""
        text = subprocess.run(["llvm-dwarfdump", "--debug-line", str(path)], capture_output=True,
                              text=True, check=True).stdout
        for unit in text.split("\ndebug_line[")[1:]:
            files = unit_files(unit, root)
            for line in unit.splitlines():
                row = ROW.match(line)
                if row:
                    file = "" if row.group(4) else files.get(int(row.group(3)), "?")
                    self.lines.append((int(row.group(1), 16), file, int(row.group(2))))
        self.lines.sort(key=lambda row: (row[0], row[1] != ""))

    def symbol(self, address):
        """(name, address of it) of the symbol at or below an address, or None."""
        at = bisect.bisect_right(self.names, address, key=lambda pair: pair[0]) - 1
        return (self.names[at][1], self.names[at][0]) if at >= 0 else None

    def name(self, address):
        """"label", "label+5", or "" when nothing is below."""
        found = self.symbol(address)
        if not found:
            return ""
        return found[0] if found[1] == address else f"{found[0]}+{address - found[1]:X}h"

    def address(self, name):
        """Of a symbol; KeyError when there is none."""
        for address, known in self.names:
            if known == name:
                return address
        raise KeyError(name)

    def row(self, address):
        """(file, line) as the assembler or compiler wrote it down, or None."""
        at = bisect.bisect_right(self.lines, address, key=lambda row: row[0]) - 1
        return self.lines[at][1:] if at >= 0 and self.lines[at][1] else None

    def line(self, address):
        """(file, line) for a reader, or None. Code out of a macro of an include file is told by the
        label above it, which is where the macro is used."""
        found = self.row(address)
        if found and found[0].endswith(MACRO_FILE):
            return label_place((self.symbol(address) or ("",))[0]) or found
        return found


@functools.lru_cache(maxsize=None)
def label_place(label, root=ROOT):
    """(file, line) of an assembly label, or None."""
    for folder in ("stage1", "stage2", "kernel"):
        for path in sorted((root / folder).rglob("*.asm")):
            lines = path.read_text().splitlines()
            if f"{label}:" in lines:
                return str(path.relative_to(root)), lines.index(f"{label}:") + 1
    return None


def unit_files(unit, root):
    """{number: path} of one line table's header, as llvm-dwarfdump prints it."""
    folders = dict(re.findall(r'include_directories\[ *(\d+)\] = "([^"]*)"', unit))
    files = {}
    for number, name, folder in re.findall(
            r'file_names\[ *(\d+)\]:\n +name: "([^"]*)"\n +dir_index: (\d+)', unit):
        path = pathlib.Path(folders.get(folder, "."), name)
        if path.is_absolute() and path.is_relative_to(root):
            path = path.relative_to(root)
        files[int(number)] = str(path)
    return files


@functools.lru_cache(maxsize=4096)
def disassemble(code, address, bits):
    """[(address, bytes, text)] of some code that runs at an address, in 16, 32 or 64 bits."""
    output = subprocess.run(["ndisasm", f"-b{bits}", "-o", f"{address:#x}", "-"], input=code,
                            capture_output=True, check=True).stdout.decode()
    rows = []
    for line in output.splitlines():
        match, more = DISASSEMBLED.match(line), CONTINUED.match(line)
        if match:
            rows.append([int(match.group(1), 16), bytes.fromhex(match.group(2)), match.group(3)])
        elif more and rows:
            rows[-1][1] += bytes.fromhex(more.group(1))
    return [tuple(row) for row in rows]
