# SPDX-License-Identifier: MIT
"""Symbol files that GDB reads rightly, made from what the build has.

NASM gives a whole file one address range, also where its code is in two sections, and GDB then finds
no lines in the second. What the parts really are stands in NASM's .debug_aranges; from there they go
into a .debug_ranges, which the file's entry is made to point to. Stage 1 is a flat binary without any
debug information: it is assembled once more as an ELF, for its names and lines alone.

Spec: DWARF 3, sections 2.17 (ranges), 6.1.2 (address lookup), 7.5 (units and abbreviations).
"""
import pathlib
import struct
import subprocess

from see import source

STAGE1 = "stage1/mbr.asm"
SECTIONS = (".debug_info", ".debug_abbrev", ".debug_aranges")
# The first abbreviation of a unit by NASM: number 1, a unit with children, low_pc and high_pc as
# addresses. Its high_pc becomes DW_AT_ranges (55h) in the form of 8 bytes (07h), which are as many.
NASM_UNIT = bytes([1, 0x11, 1, 0x11, 1, 0x12, 1])
RANGES_UNIT = bytes([1, 0x11, 1, 0x11, 1, 0x55, 7])
UNIT_HEADER_BYTES = 11  # version 3, 32-bit DWARF: length, version, abbreviations, address size
ARANGES_HEADER_BYTES = 16  # with the padding to twice an address
PAIR_BYTES = 16


def sections_of(elf, folder):
    """{name: bytes} of SECTIONS."""
    dump = [f"--dump-section={name}={folder / name}" for name in SECTIONS]
    subprocess.run(["llvm-objcopy", *dump, str(elf), "/dev/null"], check=True)
    return {name: (folder / name).read_bytes() for name in SECTIONS}


def ranges_by_unit(aranges):
    """{offset of a unit in .debug_info: [(first, end)]}; what the linker threw away is at 0."""
    found, at = {}, 0
    while at < len(aranges):
        length, _, unit = struct.unpack_from("<IHI", aranges, at)
        end = at + 4 + length
        pairs = [struct.unpack_from("<QQ", aranges, place) for place
                 in range(at + ARANGES_HEADER_BYTES, end - PAIR_BYTES + 1, PAIR_BYTES)]
        found[unit] = [(first, first + count) for first, count in pairs if first and count]
        at = end
    return found


def units(info):
    """(offset, offset of the abbreviations) of every unit up to version 4."""
    at = 0
    while at < len(info):
        length, version, abbreviations = struct.unpack_from("<IHI", info, at)
        if version <= 4:
            yield at, abbreviations
        at += 4 + length


def with_ranges(parts):
    """The sections as GDB reads them rightly, .debug_ranges among them."""
    info, abbreviations = bytearray(parts[".debug_info"]), bytearray(parts[".debug_abbrev"])
    known, ranges = ranges_by_unit(parts[".debug_aranges"]), b""
    for unit, table in units(info):
        if abbreviations[table:table + len(NASM_UNIT)] not in (NASM_UNIT, RANGES_UNIT):
            continue
        abbreviations[table:table + len(NASM_UNIT)] = RANGES_UNIT
        struct.pack_into("<QQ", info, unit + UNIT_HEADER_BYTES + 1, 0, len(ranges))
        for pair in [*known.get(unit, []), (0, 0)]:
            ranges += struct.pack("<QQ", *pair)
    return {".debug_info": bytes(info), ".debug_abbrev": bytes(abbreviations),
            ".debug_ranges": ranges}


def mend(elf, output, folder):
    """Write `elf` to `output` so that GDB finds every line of NASM's."""
    parts = with_ranges(sections_of(elf, folder))
    options = []
    for name, content in parts.items():
        (folder / name).write_bytes(content)
        verb = "--add-section" if name == ".debug_ranges" else "--update-section"
        options.append(f"{verb}={name}={folder / name}")
    subprocess.run(["llvm-objcopy", "--remove-section=.debug_ranges", str(elf), str(output)],
                   check=True)
    subprocess.run(["llvm-objcopy", *options, str(output)], check=True)


def stage1_elf(build, output, folder, root=source.ROOT):
    """Stage 1 as an ELF. `org` is for flat binaries: the linker says the same. One jump to a constant
    address comes out wrong that way, so this is for names and lines, never for bytes."""
    flat = folder / "stage1.o"
    subprocess.run(["nasm", "-f", "elf64", "-g", "-F", "dwarf", "-w-all", f"-I{root}/",
                    f"-I{build}/generated/", "--before", "%idefine org times 0 db",
                    "-o", str(flat), str(root / STAGE1)], check=True)
    subprocess.run(["ld.lld", "-m", "elf_x86_64", f"-Ttext={source.STAGE1_ORIGIN:#x}",
                    f"-e{source.STAGE1_ORIGIN:#x}", "-o", str(output), str(flat)], check=True)


def make(build, folder):
    """The symbol files of a build folder, written to another: their paths, in the boot's order."""
    build, folder = pathlib.Path(build), pathlib.Path(folder)
    stage1_elf(build, folder / "stage1.elf", folder)
    made = [folder / "stage1.symbols"]
    mend(folder / "stage1.elf", made[0], folder)
    for stem in ("stage2", "kernel"):
        made.append(folder / f"{stem}.symbols")
        mend(build / f"{stem}.debug", made[-1], folder)
    return made
