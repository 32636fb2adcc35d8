# SPDX-License-Identifier: MIT
"""GDB shows the instructions that are there, in 16, 32 and 64 bits, with the source line each comes
from, and steps through all of them: over `int` and calls, and through the switches of mode."""
import re
import subprocess

import pytest

from gdb_sitting import Sitting
from see import gdb_symbols, source
from vmlib import paths, symbols

MNEMONIC = re.compile(r"^(?:\s*[\w.%]+:)?\s*(?:(?:rep|repe|repne|lock|o16|o32|o64|cs|es) )*([a-z]\w*)")
# Names of one instruction, as NASM and its disassembler spell it.
GROUPS = ("jb jc jnae", "jae jnc jnb", "je jz", "jne jnz", "ja jnbe", "jbe jna", "setb setc", "sete setz",
          "setne setnz", "setae setnc", "pusha pushaw", "popa popaw", "pushf pushfq pushfw pushfd",
          "popf popfq popfw popfd", "ret retn", "xlat xlatb", "loopne loopnz", "loope loopz", "cmovb cmovc")
SAME = {word: group.split()[0] for group in GROUPS for word in group.split()}
DATA = re.compile(r"\b(?:times|d[bwdq]|equ) ")
MACROS = ("place", "begin_step", "nmi_stub")
OBJDUMP = re.compile(r"(?m)^ *([0-9a-f]+): ([0-9a-f ]+?) *\t")
# The modes on the way up, in turn.
WAY_UP = ["real", "protected16", "protected32", "compatibility", "long"]


@pytest.fixture(scope="module")
def names():
    return source.Symbols.of_build(paths.BUILD)


def assembly(names, first, end):
    """{address: (file, line)} of every line of assembly with code."""
    return {address: (file, line) for address, file, line in names.lines
            if file.endswith(".asm") or file.endswith(".inc") if first <= address < end}


def written(file, line):
    """The mnemonic in a source line; None where that is data or a macro."""
    text = (paths.SOURCE / file).read_text().splitlines()[line - 1]
    found = MNEMONIC.match(text)
    if not found or found.group(1) in MACROS or DATA.search(text.split(";")[0]):
        return None
    return found.group(1)


def alike(written_word, shown):
    shown_word = re.sub(r"^(?:(?:rep|repe|repne|lock|o16|o32|o64|cs|es|a16|a32) )+", "", shown).split()[0]
    return SAME.get(written_word, written_word) == SAME.get(shown_word, shown_word)


def section(stem, name):
    """(first, end) of a section of an ELF of the build."""
    text = subprocess.run(["llvm-readelf", "-SW", paths.BUILD / f"{stem}.elf"], capture_output=True,
                          text=True, check=True).stdout
    found = re.search(rf" {re.escape(name)} +PROGBITS +([0-9a-f]+) [0-9a-f]+ ([0-9a-f]+)", text)
    first, count = (int(part, 16) for part in found.groups())
    return first, first + count


def assert_assembly_is_shown(sitting, names, first, end, least):
    lines, compared = assembly(names, first, end), 0
    shown = sitting.instructions(first, end)
    for address, (file, line) in lines.items():
        word = written(file, line)
        if word is None:
            continue
        assert address in shown, f"{file}:{line} at {address:x} is not where an instruction is shown"
        raw, text = shown[address]
        assert raw == sitting.read(address, len(raw))
        assert alike(word, text), f"{file}:{line}: `{word}` is shown as `{text}`"
        compared += 1
    assert compared >= least


def test_sixteen_bits(names):
    with Sitting(2) as sitting:
        first = symbols.table(paths.BUILD / "stage1.sym")["stage1_entry"]
        assert_assembly_is_shown(sitting, names, first, 0x7C00 + 0x1B2, 150)
        assert_assembly_is_shown(sitting, names, names.address("stage2_start"),
                                 section("stage2", ".real")[1], 700)


def test_thirty_two_and_sixty_four_bits(names):
    """Before the CPU has been there and after."""
    for step in (6, 8):
        with Sitting(step) as sitting:
            assert_assembly_is_shown(sitting, names, *section("stage2", ".low"), 100)


def test_the_kernel_s_other_entries(names):
    """Code that this boot never runs."""
    with Sitting(16) as sitting:
        place = section("kernel", ".foreign")
        shown = sitting.instructions(*place)
    words = [(written(file, line), shown[address][1])
             for address, (file, line) in assembly(names, *place).items()]
    assert [pair for pair in words if pair[0] and not alike(*pair)] == [] and len(words) > 100


@pytest.mark.parametrize("stem, step", [("stage2", 7), ("kernel", 16)])
def test_c(stem, step):
    """Every instruction of the loader's and the kernel's C: where it begins, how long it is."""
    objdump = subprocess.run(["llvm-objdump", "-d", "-j", ".text", paths.BUILD / f"{stem}.elf"],
                             capture_output=True, text=True, check=True).stdout
    true = {int(address, 16): bytes.fromhex(raw) for address, raw in OBJDUMP.findall(objdump)}
    with Sitting(step) as sitting:
        shown = sitting.instructions(*section(stem, ".text"))
    assert {address: raw for address, (raw, _) in shown.items()} == true
    assert len(true) > 5000


def test_every_line_of_assembly_has_its_symbols(names, tmp_path):
    """The mended symbol files, read by GDB without a machine."""
    files = gdb_symbols.make(paths.BUILD, tmp_path)
    places = sorted(address for address, file, _ in names.lines if file.endswith(".asm")
                    if 0x7C00 <= address < 0x10000 or address >= 0xFFFFFFFF80000000)
    script = tmp_path / "script"
    script.write_text("set architecture i386:x86-64\n" +
                      "".join(f"add-symbol-file {file}\n" for file in files) +
                      "".join(f"info line *{place:#x}\n" for place in places))
    text = subprocess.run(["gdb", "-nx", "-batch", "-x", script], capture_output=True, text=True,
                          check=True).stdout
    told = {(int(address, 16), file, int(line)) for line, file, address in re.findall(
        rf'Line (\d+) of "{re.escape(str(paths.SOURCE))}/(\S+)" (?:starts )?at address 0x([0-9a-f]+)', text)}
    code = [row for row in names.lines if row[0] in places and row[1].endswith(".asm")
            and written(*row[1:])]
    missing = [row for row in code if row not in told]
    assert len(code) > 1200 and missing == []


def test_stage1s_symbols_are_those_of_the_sector(tmp_path):
    gdb_symbols.stage1_elf(paths.BUILD, tmp_path / "stage1.elf", tmp_path)
    listed = subprocess.run(["llvm-nm", "--defined-only", tmp_path / "stage1.elf"],
                            capture_output=True, text=True, check=True).stdout
    labels = {name: int(address, 16) for address, kind, name in map(str.split, listed.splitlines())
              if kind in "tT"}
    true = symbols.table(paths.BUILD / "stage1.sym")
    shared = labels.keys() & true.keys()
    assert len(shared) > 25 and {name: labels[name] for name in shared} == {n: true[n] for n in shared}


def test_instruction_by_instruction_through_the_switch(names):
    """From the first instruction of the way up to loader_main: each mode in turn, each line right."""
    modes, seen = [], []
    with Sitting(6) as sitting:
        sitting.run("stop-at up")
        while not seen or seen[-1] != names.address("long_start"):
            here = sitting.machine
            place = here.linear_rip
            length = len(sitting.instructions(place, place + 1)[place][0])
            text = sitting.run("x/2i $pc").splitlines()
            assert int(re.match(r"=> 0x([0-9a-f]+)", text[0]).group(1), 16) == place
            assert f"0x{place + length:x}" in text[1]
            file, line = names.row(place)
            word = written(file, line)
            assert word is None or alike(word, text[0].split("\t")[1]), text[0]
            assert sitting.run("where-now").startswith(here.mode)
            assert f"{line}\t" in sitting.run("frame")
            modes.append(here.mode)
            seen.append(place)
            assert len(seen) < 100
            sitting.run("si")
    assert list(dict.fromkeys(modes)) == WAY_UP
    assert len(seen) == len(set(seen))


def test_calls_and_interrupts_are_stepped_over(names):
    with Sitting(1) as sitting:
        sitting.run("stop-at mbr.asm:144")
        at = sitting.machine.linear_rip
        assert sitting.read(at, 1) == b"\xCD"
        sitting.run("nexti")
        assert sitting.machine.linear_rip == at + 2 and sitting.machine.registers["rsp"] & 0xFFFF < 0x7C00
        sitting.run("stop-at stage2_start")
        assert "nobody called" in sitting.run("finish")
        for word, then in (("next", "stage2_start+3h"), ("next", "stage2_start+7h"),
                           ("step", "real_console_start"), ("step", "real_console_start+1h"),
                           ("finish", "stage2_start+Ah"), ("next", "stage2_start+Dh")):
            sitting.run(word)
            assert names.name(sitting.machine.linear_rip) == then


def test_inside_the_bios(names):
    """In words, with the true code, and out again."""
    with Sitting(1) as sitting:
        sitting.run("stop-at mbr.asm:144")
        before = sitting.machine
        inside = sitting.run("stepi")
        here = sitting.machine
        assert here.segments["cs"].selector == 0xF000 and here.linear_rip == sitting.number("$pc")
        assert "inside the BIOS, called before stage1_by_edd" in inside
        assert "fat_" not in inside and "??" in inside
        raw = sitting.instructions(here.linear_rip, here.linear_rip + 1)[here.linear_rip][0]
        assert raw == sitting.read(here.linear_rip, len(raw))
        sitting.run("finish")
        after = sitting.machine
        assert after.linear_rip == before.linear_rip + 2
        assert after.registers["rsp"] == before.registers["rsp"]


@pytest.mark.parametrize("place, chain", [
    ("read_sectors", ["read_sectors", "try_copy", "try_copies", "stage1_by_edd"]),
    ("open_a20", ["open_a20", "a20_enable", "stage2_start"]),
    ("one_disk_call", ["one_disk_call", "real_service_disk", "real_mode"]),
    ("mode_trip", ["mode_trip", "bios_", "memory_judge", "loader_main", "long_start"]),
    ("segments_begin", ["segments_begin", "kernel_main", "kernel_entry"]),
])
def test_backtraces(place, chain):
    with Sitting(1) as sitting:
        sitting.run(f"stop-at {place}")
        frames = re.findall(r"(?m)^#\d+ +(?:0x[0-9a-f]+ in )?(\S+)", sitting.run("backtrace"))
        at = 0
        for name in chain:
            while at < len(frames) and not frames[at].startswith(name):
                at += 1
            assert at < len(frames), f"{name} is missing in {frames}"


def test_finish_in_a_routine_that_has_pushed(names):
    """The return address is found below what the routine has on the stack."""
    with Sitting(3) as sitting:
        for _ in range(4):
            sitting.run("nexti")
        sitting.run("finish")
        assert names.name(sitting.machine.linear_rip).startswith("stage2_start")


def test_names_of_c_variables():
    with Sitting(8) as sitting:
        assert sitting.number("loader") == sitting.machine.registers["rdi"]
        sitting.run("stop-at kernel_load")
        assert "/boot/kernel.elf" in sitting.run("print *loader->config")
