# SPDX-License-Identifier: MIT
"""From an address to a source line, of anybody's image: NASM listings whose origin is found by the
bytes that ran, ELF files with debug information, symbol maps.
"""
import collections
import pathlib
import re
import struct
import subprocess

from see import source

BESIDE = ("*.lst", "*.elf", "*.debug", "*.sym", "*.map")
ASSEMBLY = (".asm", ".inc", ".nasm", ".s", ".S")
LEAST_VOTES = 2
PT_LOAD = 1
LOWEST = 0x500
NAME = re.compile(r"^ *(?:0x)?([0-9A-Fa-f]{2,16})(?: +[0-9A-Fa-f]+| [A-Za-z])* +([A-Za-z_.][\w.$@]*)$")
ELF_MAGIC = b"\x7fELF"


class Where:
    """Names and lines for one image."""

    def __init__(self, symbols=None):
        self.symbols = symbols or source.Symbols()
        self.rows = {}  # address: bytes of a listing's row
        self.covered = []  # (first, end) of what listings describe
        self.texts = {}  # file: its lines
        self.listings = []
        self.elves = []
        self.folders = [pathlib.Path("."), source.ROOT]

    @classmethod
    def of(cls, image, given):
        """From files and folders; from what lies beside the image when none is given."""
        image = pathlib.Path(image)
        if not given and (image.parent / "stage1.sym").exists():
            tree = image.resolve().parent.parent
            where = cls(source.Symbols.of_build(image.parent, tree))
            where.folders.insert(0, tree)
            return where
        where = cls()
        files = []
        for name in given or [image.parent]:
            name = pathlib.Path(name)
            files += (
                [name]
                if name.is_file()
                else [path for pattern in BESIDE for path in sorted(name.glob(pattern))]
            )
        for file in files:
            where.add(file)
        return where

    def add(self, file):
        if file.read_bytes()[:4] == ELF_MAGIC:
            self.symbols.add_dwarf(file, file.parent.resolve())
            self.folders.append(file.parent)
            self.elves.append(Elf(file.read_bytes()))
            self.add_names(subprocess.run(["llvm-nm", str(file)], capture_output=True, text=True).stdout)
        elif file.suffix == ".lst":
            self.listings.append(file)
        else:
            self.add_names(file.read_text(errors="replace"))

    def add_names(self, text):
        """The lines of a symbol map that end in an address and a name, in whatever columns."""
        found = (NAME.match(line) for line in text.splitlines())
        self.symbols.names += [(int(match.group(1), 16), match.group(2)) for match in found if match]
        self.symbols.names.sort()

    def settle(self, path):
        """Find where each listing's code ran, now that the way is known."""
        ran = collections.defaultdict(list)
        for place in path.places.values():
            ran[place.code].append(place.address)
        for listing in self.listings:
            self.settle_listing(listing, ran)

    def settle_listing(self, listing, ran):
        rows = listing_rows(listing)
        votes = collections.Counter(
            address - offset
            for _, offset, code, _ in rows
            for address in ran.get(code, ())
            if len(code) > 1
        )
        # A part that is loaded elsewhere, or that runs twice, has an origin of its own.
        best = votes.most_common(1)
        if not best or best[0][1] < LEAST_VOTES:
            return
        for origin, count in votes.most_common(3):
            if count >= max(LEAST_VOTES, best[0][1] // 4):
                self.add_listing(listing, rows, origin)

    def add_listing(self, listing, rows, origin):
        name = source_name(listing)
        self.texts[name] = {line: text for line, _, _, text in rows}
        taken = {address for address, _, _ in self.symbols.lines}
        for line, offset, code, _ in rows:
            if origin + offset not in taken:
                self.symbols.lines.append((origin + offset, name, line))
        for _, offset, code, text in rows:
            if not DATA.search(text):
                self.rows[origin + offset] = len(code)
                self.covered.append((origin + offset, origin + offset + len(code)))
        last = max(rows, key=lambda row: row[1])
        self.symbols.lines.append((origin + last[1] + len(last[2]), "", 0))
        self.symbols.lines.sort(key=lambda row: row[0])
        for label, offset in labels(listing):
            self.symbols.names.append((origin + offset, label))
        self.symbols.names.sort()

    def displaced(self, path):
        """(distance, instructions, first Place) by which an ELF's code ran beside its link address; 0 if not."""
        for elf in self.elves:
            votes, counts, firsts = collections.Counter(), collections.Counter(), {}
            for place in path.places.values():
                if len(place.code) < 4:
                    continue
                for address in elf.find(place.code):
                    votes[place.address - address] += len(place.code)
                    counts[place.address - address] += 1
                    first = firsts.setdefault(place.address - address, place)
                    if place.first_step < first.first_step:
                        firsts[place.address - address] = place
            best = votes.most_common(1)
            if best and best[0][0] and best[0][1] >= 12 and votes[0] * 4 < best[0][1]:
                return best[0][0], counts[best[0][0]], firsts[best[0][0]]
        return 0, 0, None

    def in_bss(self, address):
        return any(first <= address < end for elf in self.elves for first, end in elf.bss)

    def entry(self, e, place):
        """Where the kernel begins: the first place that ran of the ELF that a place belongs to."""
        for elf in self.elves:
            if elf.holds(place.address):
                own = [one for one in e.places if elf.holds(one.address)]
                return own[0].address
        return place.address

    def agrees(self, address, size):
        """Whether a listing has an instruction of so many bytes there; None when none covers it."""
        if address in self.rows:
            return self.rows[address] == size
        return False if any(first <= address < end for first, end in self.covered) else None

    def line(self, address):
        """ "file:line", or ""."""
        # Sections that the linker dropped have lines at 0 and up.
        found = self.symbols.line(address) if address >= LOWEST else None
        return f"{found[0]}:{found[1]}" if found else ""

    def source_text(self, address):
        """What stands in that line, or ""."""
        found = self.symbols.line(address) if address >= LOWEST else None
        if not found:
            return ""
        if found[0] in self.texts:
            return self.texts[found[0]].get(found[1], "").strip()
        for folder in self.folders:
            path = folder / found[0]
            if path.is_file():
                lines = path.read_text(errors="replace").splitlines()
                return lines[found[1] - 1].strip() if found[1] <= len(lines) else ""
        return ""

    def name(self, address):
        """ "label+5h" when a label is near below, or ""."""
        found = self.symbols.symbol(address)
        return self.symbols.name(address) if found and address - found[1] < 0x10000 else ""

    def __call__(self, address):
        """ "7C31h (boot.asm:27, `mov ds, ax`)", as much of it as is known."""
        line, text = self.line(address), self.source_text(address)
        if line.split(":")[0].endswith(ASSEMBLY):
            text = " ".join(text.split(";")[0].split())
        known = ", ".join(part for part in (line, f"`{text}`" if text else "") if part)
        return f"{address:X}h" + (f" ({known})" if known else "")


class Elf:
    """Of an ELF64 or ELF32 file: what is loaded where."""

    def __init__(self, data):
        wide = data[4] == 2
        word = "Q" if wide else "I"
        (phoff,) = struct.unpack_from("<" + word, data, 32 if wide else 28)
        size, count = struct.unpack_from("<HH", data, 54 if wide else 42)
        self.code, self.bss = [], []
        for at in range(phoff, phoff + size * count, size):
            if wide:
                kind, _, offset, virt, _, filed, inner = struct.unpack_from("<IIQQQQQ", data, at)
            else:
                kind, offset, virt, _, filed, inner = struct.unpack_from("<IIIIII", data, at)
            if kind == PT_LOAD:
                self.code.append((virt, data[offset : offset + filed], inner))
                self.bss.append((virt + filed, virt + inner))

    def find(self, code, most=3):
        """The addresses at which some bytes lie, when they are few."""
        found = []
        for virt, data, _ in self.code:
            at = data.find(code)
            while at >= 0:
                found.append(virt + at)
                at = data.find(code, at + 1)
        return found if len(found) <= most else []

    def holds(self, address):
        return any(virt <= address < virt + inner for virt, _, inner in self.code)


ROW = re.compile(r"^ *(\d+) ([0-9A-F]{8}) (\S+)(?: <rep [0-9A-Fa-f]+h>)?\s*(?:<\d+>)?\s?(.*)$")
PLAIN = re.compile(r"^ *(\d+) {20,}(?:<\d+>)?\s?(.*)$")


def listing_rows(listing):
    """[(line, offset, bytes, source text)] of a NASM listing's code."""
    rows = []
    for text in pathlib.Path(listing).read_text(errors="replace").splitlines():
        match = ROW.match(text)
        if not match:
            continue
        number, offset, digits, rest = match.groups()
        code = re.sub("[^0-9A-F]", "", digits)
        offset = int(offset, 16)
        if (
            rows
            and rows[-1][0] == int(number)
            and offset == rows[-1][1] + len(rows[-1][2])
            and not rest
            and rows[-1][4]
        ):
            rows[-1][2] += bytes.fromhex(code)
            rows[-1][4] = digits.endswith("-")
            continue
        if len(code) % 2 == 0:
            rows.append([int(number), offset, bytes.fromhex(code), rest, digits.endswith("-")])
    return [tuple(row[:4]) for row in rows]


DATA = re.compile(r"(?i)^\s*(?:[\w.]+:?\s+)?(?:d[bwdqt]|times|align|incbin|res[bwdq])\b")
LABEL = re.compile(r"^([A-Za-z_.?][\w.?$]*):")


def labels(listing):
    """[(label, offset)]: each lies at the code that follows it."""
    found, waiting, scope = [], [], ""
    for text in pathlib.Path(listing).read_text(errors="replace").splitlines():
        row = ROW.match(text)
        plain = PLAIN.match(text)
        line = row.group(4) if row else plain.group(2) if plain else ""
        label = LABEL.match(line.strip())
        if label:
            name = label.group(1)
            scope = scope if name.startswith(".") else name
            waiting.append(scope + name if name.startswith(".") else name)
        if row:
            found += [(name, int(row.group(2), 16)) for name in waiting]
            waiting = []
    return found


def source_name(listing):
    """boot.asm for boot.lst, when it lies there or nothing better does."""
    for suffix in (".asm", ".s", ".nasm", ".S"):
        if listing.with_suffix(suffix).exists():
            return listing.with_suffix(suffix).name
    return listing.with_suffix(".asm").name
