# SPDX-License-Identifier: MIT
"""A linked ELF64 as the stack calculator reads it: its symbols, and what its data holds."""

import bisect
import dataclasses
import struct

SHT_SYMTAB = 2
PT_LOAD = 1
SYMBOL_NOTYPE, SYMBOL_OBJECT, SYMBOL_FUNC = 0, 1, 2
SHN_LORESERVE = 0xFF00


@dataclasses.dataclass(frozen=True)
class Symbol:
    name: str
    address: int
    size: int
    kind: int


class Image:
    """The bytes of one ELF file behind its symbols and its virtual addresses."""

    def __init__(self, path):
        self.bytes = path.read_bytes()
        self.segments = list(self._segments())
        self.symbols = list(self._symbols())

    def _table(self, at_offset, at_shape):
        offset, = struct.unpack_from("<Q", self.bytes, at_offset)
        size, count = struct.unpack_from("<HH", self.bytes, at_shape)
        return [offset + index * size for index in range(count)]

    def _segments(self):
        for at in self._table(32, 54):
            kind, _, offset, virt, _, in_file = struct.unpack_from("<IIQQQQ", self.bytes, at)
            if kind == PT_LOAD:
                yield virt, offset, in_file

    def _symbols(self):
        sections = [struct.unpack_from("<IIQQQQIIQQ", self.bytes, at) for at in self._table(40, 58)]
        table = next(section for section in sections if section[1] == SHT_SYMTAB)
        names = sections[table[6]][4]
        for at in range(table[4], table[4] + table[5], table[9]):
            name, info, _, section, address, size = struct.unpack_from("<IBBHQQ", self.bytes, at)
            if 0 < section < SHN_LORESERVE and name != 0:
                end = self.bytes.index(b"\0", names + name)
                yield Symbol(self.bytes[names + name:end].decode(), address, size, info & 15)

    def word(self, address):
        """The 64-bit word at a virtual address, or None where the file has none."""
        for virt, offset, in_file in self.segments:
            if virt <= address and address + 8 <= virt + in_file:
                return struct.unpack_from("<Q", self.bytes, offset + address - virt)[0]
        return None

    def value(self, name):
        """The address of the one symbol of this name."""
        found = {symbol.address for symbol in self.symbols if symbol.name == name}
        if len(found) != 1:
            raise KeyError(f"{len(found)} symbols are called {name}")
        return found.pop()


class Functions:
    """Where each function begins and ends: C's by their symbols, others up to the next label."""

    def __init__(self, image):
        sized = {symbol.address: symbol for symbol in image.symbols if symbol.kind == SYMBOL_FUNC
                 and symbol.size > 0}
        self.spans = {at: (symbol.name, at + symbol.size) for at, symbol in sized.items()}
        labels = sorted({symbol.address: symbol.name for symbol in image.symbols
                         if symbol.kind == SYMBOL_NOTYPE and "." not in symbol.name}.items())
        for index, (at, name) in enumerate(labels):
            after = [address for address, _ in labels[index + 1:index + 2]]
            after += [address for address in sized if address > at]
            if not self._inside(at, sized) and after:
                self.spans[at] = (name, min(after))
        self.starts = sorted(self.spans)

    @staticmethod
    def _inside(address, sized):
        return any(at <= address < at + symbol.size for at, symbol in sized.items())

    def containing(self, address):
        """The start of the function this address lies in, or None."""
        index = bisect.bisect_right(self.starts, address) - 1
        if index < 0 or address >= self.spans[self.starts[index]][1]:
            return None
        return self.starts[index]
