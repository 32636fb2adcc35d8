# SPDX-License-Identifier: MIT
"""The page's walk through the page tables against tools/see/paging.py: the same tables, entries,
flags, result and reason for every address, in all four kinds of paging.
"""
import random

import pytest

import page_world
from page_world import KEPT_PAGE, Shown, one_browser, sample_shown  # noqa: F401 (fixtures)
from see import page, paging

EDGES = [0, 0xFFF, 0x1000, 0x7C00, 0x1FFFFF, 0x200000, 0x3FFFFF, 0x400000, 0x2BC000, 0x123456,
         0x1200000, 0x1412345, 0xFFFFFFFF, 0x1_0000_0000, 0x4000_0000, 0x7FFF_FFFF_FFFF, 0x8000_0000_0000,
         0xFFFF_7FFF_FFFF_FFFF, 0xFFFF_8000_0000_0000, 0xFFFF_FFFF_8020_0000, 0x100_0000_0000,
         0xFFFF_FFFF_FFFF_FFFF, 0x00FF_FFFF_FFFF_FFFF, 0xFF00_0000_0000_0000, 0x200_0000_0000,
         1 << 56, 0xC000_0000, 0xC012_3456]


class Machine:
    """The recorded machine at a point, as tools/see/paging.py wants to see it."""

    def __init__(self, points, index):
        self.registers, self.tables = {}, {}
        for point in points[:index + 1]:
            self.registers.update({name: int(value, 16)
                                   for name, value in point["registers"].items()})
            for table in point.get("paging", {}).get("tables", []):
                self.tables[int(table["phys"], 16)] = {
                    first + at: int(entry, 16) + at * int(gap, 16)
                    for first, count, entry, gap in table["runs"] for at in range(count)}
        self.kind = paging.kind(*(self.registers[name] for name in ("cr0", "cr4", "efer")))

    def read(self, phys, count):
        """Memory that only holds the recorded tables."""
        base = phys & ~0xFFF if phys & ~0xFFF in self.tables else phys & ~0x1F
        entry = self.tables.get(base, {}).get((phys - base) // count, 0)
        return entry.to_bytes(count, "little")

    def walk(self, address):
        """What the page should say: [[name, table, index, entry, why]], and the result."""
        levels = paging.walk(self.read, self.kind, self.registers["cr3"], self.registers["efer"],
                             address)
        last = levels[-1]
        if address >> 32 and self.kind in (paging.KIND_32, paging.KIND_PAE):
            last.why = "more than 32 bits"  # the page names the reason of these modes
        phys = last.next + address % last.page_bytes if last.page_bytes else None
        return [[level.name, level.table, level.index, level.entry, level.flags, level.why]
                for level in levels], phys


def addresses(machine, count):
    """Edges, and addresses near what the tables map, always the same."""
    chosen = random.Random(len(machine.tables))
    near = [table << 12 & 0xFFFFFFFFFFFFFFFF for table in machine.tables]
    return EDGES + [chosen.getrandbits(bits) for bits in (20, 30, 32, 39, 48, 64)
                    for _ in range(count)] + near + \
        [0xFFFFFFFF80000000 | chosen.getrandbits(28) for _ in range(count)]


def page_walks(shown, index, chosen):
    """The page's own answers, in the same form."""
    words = "[" + ",".join(f"{address}n" for address in chosen) + "]"
    found = shown.ask(f"""{words}.map((address) => {{
        const levels = walkAddress({index}, address), phys = translate({index}, address);
        return [levels.map((one) => [one.name, String(one.table), one.index, String(one.entry),
            entryFlags(one.entry), one.why]), phys === null ? null : String(phys)]; }})""")
    return [([[name, int(table), at, int(entry), flags, why]
              for name, table, at, entry, flags, why in levels], phys and int(phys))
            for levels, phys in found]


def compare(shown, index, count):
    machine = Machine(shown.points, index)
    chosen = addresses(machine, count)
    for address, found in zip(chosen, page_walks(shown, index, chosen)):
        assert found == machine.walk(address), (index, hex(address))
    return len(chosen)


@pytest.mark.parametrize("index, kind", [
    (7, paging.KIND_32), (8, paging.KIND_PAE), (9, paging.KIND_4), (11, paging.KIND_5)])
def test_all_kinds_walk_as_the_tool_does(shown, index, kind):
    assert Machine(shown.points, index).kind is kind
    assert compare(shown, index, 40) > 200


@pytest.mark.parametrize("index, address", [
    (7, 0x1234), (7, 0x400000), (8, 0x1234), (9, 0x1234), (9, 0x40000123), (9, 0x8000_0000_0000),
    (9, 0x100_0000_0000), (10, 0xFFFFFFFF80212345), (11, 0x200123), (12, 0x200123)])
def test_the_picture_says_what_the_walk_found(shown, index, address):
    levels, phys = Machine(shown.points, index).walk(address)
    shown.go(index, "paging", f"{address:X}h")
    assert shown.ask("byId('walk-address').value") == f"{address:X}h"
    result = shown.text("#walk-result")
    if phys is None:
        assert f"Fails at {levels[-1][0]}: {levels[-1][5]}" in result
    else:
        assert f"{address:X}h is physical {phys:X}h" in result
    cards = shown.ask("[...document.querySelectorAll('.walk li')].map((one) => one.textContent)")
    assert len(cards) == len(levels)
    for card, (name, table, at, _, flags, why) in zip(cards, levels):
        assert why in card
        if name != "address":
            assert f"{name} at {table:X}h" in card and f"entry {at}," in card
            assert f"flags {flags} " in card


def test_an_address_is_typed(shown):
    shown.go(10, "paging")
    shown.ask("byId('walk-address').focus(); byId('walk-address').select()")
    shown.browser.type("0x200042")
    shown.browser.press("Enter")
    assert "200042h is physical 200042h" in shown.text("#walk-result")
    assert "at=0x200042" in shown.ask("location.hash")


def test_nonsense_is_not_an_address(shown):
    shown.go(10, "paging", "kernel")
    assert "not a hexadecimal address" in shown.text("#walk")


def test_without_paging_the_sum_of_real_mode_is_shown(shown):
    shown.go(3, "paging")
    assert "0h × 10h + 8020h = 8020h" in shown.text("#walk")
    assert "CR0.PG is 0" in shown.text("#walk")


def test_the_kept_recording_walks_as_the_tool_does(browser, tmp_path):
    kept = Shown(browser, tmp_path, page.read(KEPT_PAGE))
    kept.open()
    changed = [point["index"] for point in kept.points
               if "paging" in point and Machine(kept.points, point["index"]).kind]
    assert changed
    assert sum(compare(kept, index, 10) for index in changed) > page_world.MANY_WALKS
