# SPDX-License-Identifier: MIT
"""Descriptors, page tables, control bits and source lines against values worked out by hand from
the manual, and against what the build says of itself."""
import pytest

from see import descriptors, paging, source, state, steps
from vmlib import paths

PRESENT_RW = paging.PRESENT | paging.WRITABLE


class Memory:
    """Physical memory: a dictionary of 8- or 4-byte words; all else is 0."""

    def __init__(self, words, width=8):
        self.words, self.width = words, width

    def __call__(self, phys, count):
        cells = (self.words.get(at, 0).to_bytes(self.width, "little")
                 for at in range(phys, phys + count, self.width))
        return b"".join(cells)


@pytest.mark.parametrize("raw, text", [
    (0, "null descriptor"),
    (0x00AF9B000000FFFF, "64-bit code, readable, base 0h, limit FFFFFFFFh, DPL 0"),
    (0x00CF9B000000FFFF, "32-bit code, readable, base 0h, limit FFFFFFFFh, DPL 0"),
    (0x00009B000000FFFF, "16-bit code, readable, base 0h, limit FFFFh, DPL 0"),
    (0x00EF9B000000FFFF, "L and D both set: code, readable, base 0h, limit FFFFFFFFh, DPL 0"),
    (0x12CF73345678FFFF, "data writable, base 12345678h, limit FFFFFFFFh, DPL 3, NOT PRESENT"),
    (0x0000890010000067, "TSS, base 1000h, limit 67h, DPL 0"),
])
def test_descriptor(raw, text):
    assert descriptors.descriptor(1, raw).text == text


def test_a_tss_takes_two_entries_in_long_mode():
    raw = b"".join(word.to_bytes(8, "little")
                   for word in (0, 0x0000890010000067, 0xFFFF8000, 0x00CF93000000FFFF))
    wide = descriptors.gdt(raw, long=True)
    assert [entry.index for entry in wide] == [0, 1, 3]
    assert wide[1].base == 0xFFFF8000_00001000 and wide[1].slots == 2
    assert [entry.index for entry in descriptors.gdt(raw, long=False)] == [0, 1, 2, 3]


def test_gates():
    raw = 0x1234 | 0x8 << 16 | 3 << 32 | 0x8E << 40 | 0x5678 << 48 | 0xFFFFFFFF << 64
    gate = descriptors.idt(raw.to_bytes(16, "little"))[0]
    assert gate.text == "interrupt gate, to 8h:FFFFFFFF56781234h, DPL 0, on IST 3"
    short = descriptors.idt((raw & (1 << 64) - 1).to_bytes(8, "little"), long=False)[0]
    assert short.text == "interrupt gate, to 8h:56781234h, DPL 0"
    assert descriptors.vector_table(bytes.fromhex("53ff00f0"))[0].text == "F000:FF53"


def test_modes():
    pe, pg = state.bit("cr0", "PE"), state.bit("cr0", "PG")
    lma = state.bit("efer", "LMA")
    assert state.mode(0, 0, 0) == "real"
    assert state.mode(pe, 0, 0) == "protected16"
    assert state.mode(pe, 0, state.CS_D) == "protected32"
    assert state.mode(pe | pg, lma, state.CS_D) == "compatibility"
    assert state.mode(pe | pg, lma, state.CS_L) == "long"
    assert state.code_bits("compatibility", 0) == 16
    assert state.bits_text("rflags", 0x246) == "PF ZF IF"
    assert state.bits_text("cr4", 1 << 63) == "bit 63"


FOUR_LEVEL = Memory({
    0x1000: 0x2000 | PRESENT_RW, 0x1000 + 511 * 8: 0x5000 | PRESENT_RW,
    0x2000: 0x3000 | PRESENT_RW, 0x2008: 1 << 30 | PRESENT_RW | paging.LARGE,
    0x3000: 0x4000 | PRESENT_RW, 0x3008: 0x200000 | paging.PRESENT | paging.LARGE,
    0x4008: 0x7000 | PRESENT_RW | paging.NO_EXECUTE, 0x4010: 0x8000 | PRESENT_RW | paging.NO_EXECUTE,
    0x5000 + 510 * 8: 0x3000 | PRESENT_RW,
})
NXE = state.bit("efer", "NXE")


@pytest.mark.parametrize("address, phys", [
    (0, None), (0x1234, 0x7234), (0x2000, 0x8000), (0x3000, None), (0x234567, 0x234567),
    (0x40000123, 0x40000123), (0xFFFFFFFF80001234, 0x7234), (0x800000000000, None)])
def test_four_levels(address, phys):
    assert paging.translate(FOUR_LEVEL, paging.KIND_4, 0x1000, NXE, address) == phys


def test_why_a_walk_fails():
    assert paging.walk(FOUR_LEVEL, paging.KIND_4, 0x1000, NXE, 0)[-1].why == "not present"
    assert "XD" in paging.walk(FOUR_LEVEL, paging.KIND_4, 0x1000, 0, 0x1000)[-1].why
    assert "canonical" in paging.walk(FOUR_LEVEL, paging.KIND_4, 0x1000, NXE, 1 << 47)[-1].why
    wrong = Memory({0x1000: 0x2000 | PRESENT_RW | paging.LARGE})
    assert "PML4" in paging.walk(wrong, paging.KIND_4, 0x1000, NXE, 0)[-1].why


def test_mappings_are_merged_and_have_the_rights_of_all_levels():
    runs = paging.mappings(FOUR_LEVEL, paging.KIND_4, 0x1000, NXE)
    assert [(run.virt_first, run.virt_last, run.phys, run.rights) for run in runs] == [
        (0x1000, 0x2FFF, 0x7000, "RW-"), (0x200000, 0x3FFFFF, 0x200000, "R-X"),
        (0x40000000, 0x7FFFFFFF, 0x40000000, "RWX"),
        (0xFFFFFFFF80001000, 0xFFFFFFFF80002FFF, 0x7000, "RW-"),
        (0xFFFFFFFF80200000, 0xFFFFFFFF803FFFFF, 0x200000, "R-X")]


def test_the_other_kinds():
    pse = Memory({0x1000 + 4 * 4: 0x01000000 | PRESENT_RW | paging.LARGE, 0x1000: 0x2001,
                  0x2004: 0x9001}, width=4)
    assert paging.translate(pse, paging.KIND_32, 0x1000, 0, 0x01000042) == 0x01000042
    assert paging.translate(pse, paging.KIND_32, 0x1000, 0, 0x1042) == 0x9042
    pae = Memory({0x1020 + 3 * 8: 0x2001, 0x2000: 0x00400000 | PRESENT_RW | paging.LARGE})
    assert paging.translate(pae, paging.KIND_PAE, 0x1020, 0, 0xC0000042) == 0x400042
    five = Memory({0x9000: 0x1000 | PRESENT_RW, **FOUR_LEVEL.words})
    assert paging.translate(five, paging.KIND_5, 0x9000, NXE, 0x1234) == 0x7234
    assert [run.virt_first for run in paging.mappings(five, paging.KIND_5, 0x9000, NXE)][:2] == \
        [0x1000, 0x200000]


def test_kind_of_paging():
    pg, pae = state.bit("cr0", "PG"), state.bit("cr4", "PAE")
    assert paging.kind(0, pae, 0) is None
    assert paging.kind(pg, 0, 0) is paging.KIND_32
    assert paging.kind(pg, pae, 0) is paging.KIND_PAE
    assert paging.kind(pg, pae, state.bit("efer", "LMA")) is paging.KIND_4
    assert paging.kind(pg, pae | state.bit("cr4", "LA57"), state.bit("efer", "LMA")) is paging.KIND_5


@pytest.fixture(name="symbols", scope="module")
def build_symbols():
    return source.Symbols.of_build(paths.BUILD)


def text_of(line):
    file, number = line
    return (paths.SOURCE / file).read_text().splitlines()[number - 1]


@pytest.mark.parametrize("label, text", [
    ("stage1_entry.canonical", "sti"), ("stage1_by_edd", "push"), ("protected_mode", "mov     dx"),
    ("loader_main", "{"), ("kernel_entry", "rdtsc"), ("kernel_main", "{"),
    ("handoff_code", "xor     eax, eax")])
def test_lines_of_the_build(symbols, label, text):
    address = symbols.address(label)
    assert symbols.name(address) == label
    assert text in text_of(symbols.line(address))


def test_every_step_has_a_label_with_a_line(symbols):
    for step in steps.steps():
        file, _ = symbols.line(symbols.address(step.label))
        assert not file.endswith(".inc"), f"{step.label} is shown in a macro"


@pytest.mark.parametrize("bits, address, code, texts", [
    (16, 0x7C00, "660f01160010ea055c0000", ["o32 lgdt [0x1000]", "jmp 0x0:0x5c05"]),
    (32, 0x8000, "0d00000080", ["or eax,0x80000000"]),
    (64, 0xFFFFFFFF80000010, "48b80102030405060708ebfe",
     ["mov rax,0x807060504030201", "jmp short 0xffffffff8000001a"])])
def test_disassembly_by_bits(bits, address, code, texts):
    rows = source.disassemble(bytes.fromhex(code), address, bits)
    assert [row[2] for row in rows] == texts
    assert rows[0][0] == address and b"".join(row[1] for row in rows) == bytes.fromhex(code)


def test_a_step_is_found_by_all_its_names():
    for word in ("4", "A20", "a20", "a20_enable"):
        assert steps.find(word).number == 4
    with pytest.raises(ValueError, match="did you mean"):
        steps.find("A21")


def test_commentary_that_is_no_commentary_is_refused():
    with pytest.raises(ValueError, match="line 2"):
        steps.commentary("[A20]\nnonsense\n")
