# SPDX-License-Identifier: MIT
"""Page tables, read as the CPU reads them: one address walked, or everything that is mapped.

All four kinds: 32-bit, PAE, 4-level and 5-level. `read(phys, count)` gives physical memory.
Spec: Intel SDM, volume 3A, chapter 4.
"""
import dataclasses

from see import state

PRESENT, WRITABLE, USER, ACCESSED, DIRTY, LARGE, GLOBAL = (1 << n for n in (0, 1, 2, 5, 6, 7, 8))
NO_EXECUTE = 1 << 63
ADDRESS = 0x000F_FFFF_FFFF_F000
PAGE_SHIFT = 12
FLAG_NAMES = {PRESENT: "P", WRITABLE: "RW", USER: "US", 1 << 3: "PWT", 1 << 4: "PCD", ACCESSED: "A",
              DIRTY: "D", LARGE: "PS", GLOBAL: "G", NO_EXECUTE: "XD"}


@dataclasses.dataclass(frozen=True)
class Kind:
    """One way of paging. Levels from the root down: (name, lowest address bit, index bits, may be
    a page)."""
    name: str
    entry_bytes: int
    levels: tuple


KIND_32 = Kind("32-bit", 4, (("PD", 22, 10, True), ("PT", 12, 10, False)))
KIND_PAE = Kind("PAE", 8, (("PDPT", 30, 2, False), ("PD", 21, 9, True), ("PT", 12, 9, False)))
KIND_4 = Kind("4-level", 8, (("PML4", 39, 9, False), ("PDPT", 30, 9, True), ("PD", 21, 9, True),
                             ("PT", 12, 9, False)))
KIND_5 = Kind("5-level", 8, (("PML5", 48, 9, False), *KIND_4.levels))


@dataclasses.dataclass
class Level:
    """One table of a walk. `why` says in words why the walk fails here, or is empty."""
    name: str
    table: int  # physical
    index: int
    entry: int
    next: int = 0  # physical address of the next table or of the page
    page_bytes: int = 0  # not 0: the walk ends here, in a page
    why: str = ""

    @property
    def flags(self):
        return flags_text(self.entry)


@dataclasses.dataclass
class Run:
    """Addresses that are mapped alike, one after the other; `last` is inclusive."""
    virt_first: int
    virt_last: int
    phys: int
    page_bytes: int
    writable: bool
    user: bool
    executable: bool

    @property
    def rights(self):
        return "R" + ("W" if self.writable else "-") + ("X" if self.executable else "-") + \
            ("U" if self.user else "")


def flags_text(entry):
    return " ".join(name for mask, name in FLAG_NAMES.items() if entry & mask) or "none"


def kind(cr0, cr4, efer):
    """Which paging is on: a Kind, or None."""
    if not cr0 & state.bit("cr0", "PG"):
        return None
    if efer & state.bit("efer", "LMA"):
        return KIND_5 if cr4 & state.bit("cr4", "LA57") else KIND_4
    return KIND_PAE if cr4 & state.bit("cr4", "PAE") else KIND_32


def is_canonical(address, how):
    """Whether all upper bits repeat the highest that is translated; always so in 32-bit modes."""
    if how not in (KIND_4, KIND_5):
        return address < 1 << 32
    bits = how.levels[0][1] + how.levels[0][2]
    return address >> (bits - 1) in (0, (1 << (65 - bits)) - 1)


def entry_at(read, how, table, index):
    raw = read(table + index * how.entry_bytes, how.entry_bytes)
    return int.from_bytes(raw, "little")


def is_page(how, depth, entry):
    _, shift, _, may_be_page = how.levels[depth]
    return shift == PAGE_SHIFT or may_be_page and bool(entry & LARGE)


def root(how, cr3):
    return cr3 & ~0x1F & 0xFFFFFFFF if how is KIND_PAE else cr3 & ADDRESS


def page_base(how, entry, shift):
    """Where a page begins; 4 MiB pages keep address bits 32 to 39 in bits 13 to 20 (PSE-36)."""
    if how is KIND_32 and shift > PAGE_SHIFT:
        return entry & 0xFFC00000 | (entry >> 13 & 0xFF) << 32
    return entry & ADDRESS & ~((1 << shift) - 1)


def walk(read, how, cr3, efer, address):
    """The tables that decide about an address: [Level], the last with a page or a `why`."""
    if not is_canonical(address, how):
        return [Level("address", 0, 0, 0, why="not canonical: its upper bits are not all alike")]
    table, levels = root(how, cr3), []
    for depth, (name, shift, bits, _) in enumerate(how.levels):
        index = address >> shift & (1 << bits) - 1
        entry = entry_at(read, how, table, index)
        level = Level(name, table, index, entry)
        levels.append(level)
        level.why = reserved_bits(how, depth, entry, efer)
        if level.why:
            break
        if is_page(how, depth, entry):
            level.page_bytes = 1 << shift
            level.next = page_base(how, entry, shift)
            break
        table = level.next = entry & (ADDRESS if how.entry_bytes == 8 else 0xFFFFF000)
    return levels


def reserved_bits(how, depth, entry, efer):
    """Why an entry ends the walk in a fault, or ""."""
    name, shift, _, may_be_page = how.levels[depth]
    if not entry & PRESENT:
        return "not present"
    if how.entry_bytes == 8 and entry & NO_EXECUTE and not efer & state.bit("efer", "NXE"):
        return "XD is set, and reserved while EFER.NXE is 0"
    if entry & LARGE and not may_be_page and shift != PAGE_SHIFT and how is not KIND_PAE:
        return f"PS is set, and reserved in a {name} entry"
    return ""


def translate(read, how, cr3, efer, address):
    """The physical address, or None."""
    last = walk(read, how, cr3, efer, address)[-1]
    return last.next + address % last.page_bytes if last.page_bytes else None


def mappings(read, how, cr3, efer):
    """All that is mapped, as merged Runs in the order of addresses."""
    runs = []
    for virt, phys, size, rights in leaves(read, how, root(how, cr3), efer, 0, 0, (True, True, True)):
        last = runs[-1] if runs else None
        if last and last.virt_last + 1 == virt and last.page_bytes == size and \
                last.phys + virt - last.virt_first == phys and \
                (last.writable, last.user, last.executable) == rights:
            last.virt_last = virt + size - 1
        else:
            runs.append(Run(virt, virt + size - 1, phys, size, *rights))
    return runs


def leaves(read, how, table, efer, depth, virt, rights):
    """(virtual, physical, bytes, (writable, user, executable)) of every page below a table."""
    _, shift, bits, _ = how.levels[depth]
    raw = read(table, how.entry_bytes << bits)
    for index in range(1 << bits):
        entry = int.from_bytes(raw[index * how.entry_bytes:(index + 1) * how.entry_bytes], "little")
        if reserved_bits(how, depth, entry, efer):
            continue
        at = extended(how, virt | index << shift)
        inner = narrowed(how, depth, rights, entry)
        if is_page(how, depth, entry):
            yield at, page_base(how, entry, shift), 1 << shift, inner
        else:
            below = entry & (ADDRESS if how.entry_bytes == 8 else 0xFFFFF000)
            yield from leaves(read, how, below, efer, depth + 1, at, inner)


def narrowed(how, depth, rights, entry):
    """Rights above an entry and its own together. A PDPTE of PAE paging has none."""
    if how is KIND_PAE and depth == 0:
        return rights
    writable, user, executable = rights
    never = how.entry_bytes == 8 and bool(entry & NO_EXECUTE)
    return writable and bool(entry & WRITABLE), user and bool(entry & USER), executable and not never


def extended(how, virt):
    """An address with its upper bits as the CPU wants them."""
    if how not in (KIND_4, KIND_5):
        return virt
    bits = how.levels[0][1] + how.levels[0][2]
    return virt | (~0 << bits & (1 << 64) - 1 if virt >> (bits - 1) & 1 else 0)
