# SPDX-License-Identifier: MIT
"""NASM's constants are the compiler's, and a list that does not parse stops the build."""

import re
import subprocess

import tree

SCRIPT = tree.ROOT / "tools/cmake/constants.cmake"


def extract(folder, assembly):
    """Run the extraction on some assembly; (process, text of constants.inc or None)."""
    source, output = folder / "constants.s", folder / "constants.inc"
    source.write_text(assembly)
    result = tree.run(["cmake", f"-DASSEMBLY={source}", f"-DOUTPUT={output}", "-P", SCRIPT])
    return result, output.read_text() if output.exists() else None


def line(text):
    return f'\t.ascii\t"constant {text}"\n'


def test_good_lines(tmp_path):
    result, text = extract(tmp_path, line("A 16") + "\tnop\n" + line("s.f 0") + line("B -1"))
    assert result.returncode == 0, result.stderr
    assert "%define A 0x10\n" in text and "%define s.f 0x0\n" in text
    assert "%define B 0xffffffffffffffff\n" in text


def test_bad_lists_are_refused(tmp_path):
    for assembly, complaint in ((line("A x"), "not a constant line"),
                                (line("4A 1"), "not a constant line"),
                                (line("A"), "not a constant line"),
                                (line("A 1") + line("A 1"), "A is there twice"),
                                ("\tnop\n", "no constant line found")):
        result, text = extract(tmp_path, assembly)
        assert result.returncode != 0 and text is None
        assert complaint in " ".join(result.stderr.split())


def test_nasm_sees_the_numbers_of_the_headers(tmp_path):
    tree.need("nasm")
    source, output = tmp_path / "a.asm", tmp_path / "a.bin"
    source.write_text('%include "constants.inc"\ndw LOW_STAGE1, BOOT_PARTITION_LBA\n')
    subprocess.run(["nasm", "-f", "bin", f"-I{tree.BUILD}/generated/", source, "-o", output],
                   check=True)
    header = (tree.ROOT / "include/boot/low_memory.h").read_text()
    stage1 = int(re.search(r"#define LOW_STAGE1\s+(\w+)", header).group(1), 0)
    header = (tree.ROOT / "include/boot/disk_layout.h").read_text()
    lba = int(re.search(r"#define BOOT_PARTITION_LBA\s+(\w+)", header).group(1), 0)
    assert output.read_bytes() == stage1.to_bytes(2, "little") + lba.to_bytes(2, "little")
