#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The installed headers alone, by two compilers, as C and C++; and NASM's file says the same."""
import itertools
import re
import shutil

import pytest

import kit
from vmlib import paths

HEADERS = ["boot_info", "requirements"]
COMPILERS = {"gcc": "g++", "clang": "clang++"}
STANDARDS = ["c11", "c17", "c++11", "c++17", "c++20"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wundef", "-Werror"]
PROGRAM = """\
{includes}
BOOT_REQUIRE(1, sizeof(struct boot_info), (5ull << 32) + 8 * 1024, BOOT_FEATURE_NX | BOOT_FEATURE_TEXT);
uint64_t look(const struct boot_info *boot);
uint64_t look(const struct boot_info *boot)
{{
    return boot->magic == BOOT_INFO_MAGIC && boot->video.kind == BOOT_VIDEO_TEXT;
}}
"""


def compiled(compiler, standard, prefix, tmp_path, text, *flags):
    program = COMPILERS[compiler] if "++" in standard else compiler
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    source = tmp_path / ("x.cc" if "++" in standard else "x.c")
    source.write_text(text)
    kit.run(program, f"-std={standard}", *WARNINGS, f"-I{prefix}/include", *flags, "-c", source,
            "-o", tmp_path / "x.o")
    return tmp_path / "x.o"


@pytest.mark.parametrize("compiler, standard", itertools.product(COMPILERS, STANDARDS))
def test_every_header_alone_and_twice(compiler, standard, prefix, tmp_path):
    for order in itertools.product(HEADERS, repeat=2):
        text = "".join(f"#include <coldstart/{name}.h>\n" for name in order)
        for flags in (["-ffreestanding"], []):
            compiled(compiler, standard, prefix, tmp_path, text + "extern int x;\n", *flags)


@pytest.mark.parametrize("compiler, standard", itertools.product(COMPILERS, STANDARDS))
def test_the_note_is_in_the_object(compiler, standard, prefix, tmp_path):
    text = PROGRAM.format(includes="".join(f"#include <coldstart/{name}.h>\n" for name in HEADERS))
    made = compiled(compiler, standard, prefix, tmp_path, text, "-ffreestanding", "-O2")
    assert re.search(r"\.note\.coldstart +NOTE .* 000030 00 +A +0 +0 +4\n",
                     kit.run("readelf", "-SW", made)), "not beside other notes without a gap"
    notes = kit.run("readelf", "-nW", made)
    assert re.search(r"Coldstart +0x00000018\s+Unknown note type: \(0x0000b007\)\s+description data: "
                     r"01 00 00 00 90 01 00 00 00 20 00 00 05 00 00 00 81 00", notes), notes


def test_no_common_name_is_taken(prefix, tmp_path):
    """Every macro of the headers begins with BOOT_ or COLDSTART_."""
    source = tmp_path / "x.c"
    source.write_text("".join(f"#include <coldstart/{name}.h>\n" for name in HEADERS))
    words = ["clang", "-ffreestanding", "-E", "-dM", f"-I{prefix}/include"]
    ours = set(re.findall(r"#define (\w+)", kit.run(*words, source)))
    source.write_text("#include <stddef.h>\n#include <stdint.h>\n")
    ours -= set(re.findall(r"#define (\w+)", kit.run(*words, source)))
    assert len(ours) > 20
    assert [name for name in ours if not name.startswith(("BOOT_", "COLDSTART_"))] == []


def names_in_c():
    """Every field, structure, constant and enumerator of the two headers, as NASM spells it."""
    for name in HEADERS:
        text = (paths.SOURCE / f"include/boot/{name}.h").read_text()
        yield from re.findall(r"(?m)^#define (\w+) +(?:0x|\d)", text)
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        for body in re.findall(r"(?ms)^enum \w+ \{(.*?)^\};", text):
            yield from re.findall(r"(\w+) =", body)
        for struct, body in re.findall(r"(?ms)^struct (\w+) \{(.*?)^\};", text):
            yield f"{struct}_size"
            for fields in re.findall(r"(?:u?int\d+_t|char|struct \w+) ([^;]+);", body):
                yield from (f"{struct}.{field.split('[')[0].strip()}"
                            for field in fields.split(",") if "reserved" not in field)


def test_nasm_has_every_name(prefix):
    text = (prefix / "include/coldstart/coldstart.inc").read_text()
    wanted = set(names_in_c())
    assert len(wanted) > 150
    assert wanted == set(re.findall(r"(?m)^%define (\S+) ", text))


def test_nasm_gives_the_same_note(prefix, tmp_path):
    needs = "1, 400, 8 * 1024, 0x81"
    source, made = tmp_path / "x.asm", tmp_path / "from_nasm.o"
    source.write_text(f'%include "coldstart.inc"\nsection .text\ncoldstart_require {needs}\nnop\n')
    kit.run("nasm", "-f", "elf64", "-w+all", "-Werror", f"-I{prefix}/include/coldstart/", "-o", made,
            source)
    other = compiled("clang", "c17", prefix, tmp_path,
                     f"#include <coldstart/requirements.h>\nBOOT_REQUIRE({needs});\n")
    notes = [kit.run("readelf", "-x", ".note.coldstart", path).splitlines()[2:]
             for path in (made, other)]
    assert notes[0] == notes[1] and len(notes[0]) > 2
    assert "90" in kit.run("objdump", "-d", "-j", ".text", made), "the section was left again"
