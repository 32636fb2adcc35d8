# SPDX-License-Identifier: MIT
"""Free-standing x86 C uses no vector, x87 or MMX register and no red zone; of the assembly, one
routine of the loader uses vector registers, and of the kernel those two that raise #MF and #XM.
"""

import re
import shlex

import tree

TARGET = "--target=x86_64-unknown-none-elf"
WANTED = ("-mno-red-zone", "-mgeneral-regs-only", "-ffreestanding")
VECTOR = re.compile(r"\b([xyz]mm\d+|mm[0-7]|st\(\d\)|st)\b")
# Every mnemonic in f is x87's, or saves its state; fninit is how a self-test provokes #NM.
X87 = re.compile(r"(?!fninit\b)f[a-z]")
RED_ZONE = re.compile(r"\[rsp - ")


def free_standing_commands():
    for entry in tree.compile_commands():
        words = entry.get("arguments") or shlex.split(entry["command"])
        if TARGET in words:
            yield entry["file"], words, words[words.index("-o") + 1], entry["directory"]


def test_flags_forbid_them():
    commands = list(free_standing_commands())
    assert len(commands) > 20
    bad = [(file, flag) for file, words, _, _ in commands for flag in WANTED if flag not in words]
    assert bad == []


def offences(objects):
    """Instructions of these objects that name a forbidden register or look below the stack."""
    found = []
    for start in range(0, len(objects), 50):
        output = tree.run(["llvm-objdump", "--disassemble", "--no-show-raw-insn", "-M", "intel",
                           *objects[start:start + 50]])
        assert output.returncode == 0, output.stderr
        found += [line for line in output.stdout.splitlines() if is_offence(line)]
    return found


def is_offence(line):
    """Whether a line of disassembly, "address: TAB mnemonic TAB operands", must not be there."""
    if not re.match(r"\s*[0-9a-f]+:\s", line):
        return False
    words = line.split(":", 1)[1].split(None, 1)
    operands = words[1] if len(words) > 1 else ""
    return bool(words and X87.match(words[0]) or VECTOR.search(operands)
                or RED_ZONE.search(operands))


def test_code_uses_none():
    tree.need("llvm-objdump")
    objects = [f"{folder}/{output}" for _, _, output, folder in free_standing_commands()]
    assert offences(objects) == []


def functions_with_vectors(elf):
    """Names of the functions of a linked program that name a vector, MMX or x87 register."""
    output = tree.run(["llvm-objdump", "--disassemble", "--section=.text", "--no-show-raw-insn",
                       "-M", "intel", elf])
    assert output.returncode == 0, output.stderr
    found, function = set(), ""
    for line in output.stdout.splitlines():
        label = re.match(r"[0-9a-f]+ <([\w.]+)>:", line)
        if label:
            function = label.group(1).split(".")[0]
        elif re.match(r"\s*[0-9a-f]+:\s", line) and VECTOR.search(line.split(":", 1)[1]):
            found.add(function)
    return found


def test_few_routines_have_vectors():
    tree.need("llvm-objdump")
    assert functions_with_vectors(tree.BUILD / "stage2.elf") == {"crc32c_fold_sse2"}
    assert functions_with_vectors(tree.BUILD / "kernel.elf") == {"raise_x87", "raise_simd"}


def compile_sample(tmp_path, text, *flags):
    source, output = tmp_path / "a.c", tmp_path / "a.o"
    source.write_text(text)
    result = tree.run(["clang", TARGET, "-O2", "-ffreestanding", *flags, "-c", source,
                       "-o", output])
    assert result.returncode == 0, result.stderr
    return output


LEAF = "long leaf(long n) { volatile long room[4]; room[n & 3] = n; return room[0]; }\n"


def test_a_red_zone_is_found(tmp_path):
    tree.need("clang", "llvm-objdump")
    assert offences([compile_sample(tmp_path, LEAF, "-fomit-frame-pointer")])
    assert not offences([compile_sample(tmp_path, LEAF, "-fomit-frame-pointer", "-mno-red-zone")])


def test_vector_and_x87_code_is_found(tmp_path):
    tree.need("clang", "llvm-objdump")
    assert offences([compile_sample(tmp_path, "double f(double x) { return x + 1; }\n")])
    assert offences([compile_sample(tmp_path, "long double f(long double x) { return x; }\n")])
