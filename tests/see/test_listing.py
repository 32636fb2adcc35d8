# SPDX-License-Identifier: MIT
"""build/stage2.lst and build/kernel.lst show each instruction once, in the mode it runs in."""
import re

import pytest

from see.source import disassemble
from vmlib import paths, symbols

ROW = re.compile(r"^ *([0-9a-f]+): ((?:[0-9a-f]{2} )+) *\t(\S+)", re.MULTILINE)
CODE = re.compile(r"^; (16|32|64)-bit code$", re.MULTILINE)


def pieces(name):
    """[(bits, text)] of a listing."""
    parts = CODE.split((paths.BUILD / name).read_text())
    return list(zip(map(int, parts[1::2]), parts[2::2]))


@pytest.mark.parametrize("name", ["stage2.lst", "kernel.lst"])
def test_each_address_is_listed_once_and_in_order(name):
    addresses = [int(row[0], 16) for _, text in pieces(name) for row in ROW.findall(text)]
    assert len(addresses) > 1000
    assert addresses == sorted(set(addresses))


def test_stage_2_has_code_of_all_three_kinds():
    places = symbols.table(paths.BUILD / "stage2.sym")
    kinds = {}
    for bits, text in pieces("stage2.lst"):
        for address, *_ in ROW.findall(text):
            kinds[int(address, 16)] = bits
    assert kinds[places["stage2_start"]] == kinds[places["long_mode_enter"]] == 16
    assert kinds[places["protected_mode"]] == 32
    assert kinds[places["long_mode"]] == kinds[places["bios_call"]] == 64
    assert kinds[places["loader_main"]] == 64


def test_it_agrees_with_another_disassembler():
    """Lengths of instructions, which the wrong mode gets wrong."""
    for bits, text in pieces("stage2.lst"):
        if bits == 64:
            continue
        rows = [(int(address, 16), bytes.fromhex(code)) for address, code, _ in ROW.findall(text)]
        for label in ("stage2_start", "a20_enable", "up", "protected_mode"):
            start = symbols.table(paths.BUILD / "stage2.sym")[label]
            ours = [row for row in rows if start <= row[0]][:6]
            if ours and ours[0][0] == start:
                code = b"".join(raw for _, raw in ours)
                assert [(at, raw) for at, raw, _ in disassemble(code, start, bits)] == ours


def test_it_names_sources_from_the_root():
    text = (paths.BUILD / "stage2.lst").read_text()
    assert "; stage2/mode.asm:" in text and "; stage2/main.c:" in text
    assert str(paths.SOURCE) not in text
