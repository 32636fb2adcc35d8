# SPDX-License-Identifier: MIT
"""Every function of the kernel that has an array on its stack and returns checks its canary before,
and what runs before the first canary is made is not C. The other worlds have no canary: nobody makes
one there.
"""

import re

import tree

CHECK = "__stack_chk_fail"
# These make and change the canary.
MAKERS = {"stack_guard_stir", "stack_guard_canary", "stack_guard_failed"}
ENTRY = re.compile(r"^(0x[0-9a-f]+): ( *)(DW_TAG_\w+|NULL)")
ATTRIBUTE = re.compile(r"^\s+(DW_AT_\w+)\s+\((.*)\)?$")
REFERENCE = re.compile(r"^(0x[0-9a-f]+)")


class Entry:
    """One entry of the debug information: its kind, its depth, its attributes."""

    def __init__(self, kind, depth):
        self.kind, self.depth, self.attributes = kind, depth, {}

    def get(self, name):
        return self.attributes.get(name, "")

    def reference(self, name):
        found = REFERENCE.match(self.get(name))
        return found and found.group(1)


def debug_entries(elf):
    """{offset: Entry} in the file's order."""
    entries, current = {}, None
    # Its status is not success: NASM leaves sections without a unit in them.
    output = tree.run(["llvm-dwarfdump", "--debug-info", elf])
    for line in output.stdout.splitlines():
        start = ENTRY.match(line)
        if start:
            current = Entry(start.group(3), len(start.group(2)))
            entries[start.group(1)] = current
            continue
        attribute = current and ATTRIBUTE.match(line)
        if attribute:
            current.attributes[attribute.group(1)] = attribute.group(2)
    return entries


def is_array(entries, entry):
    """Whether the variable's type, behind names and qualifiers, is an array."""
    offset = entry.reference("DW_AT_type")
    if offset is None and entry.reference("DW_AT_abstract_origin"):
        return is_array(entries, entries[entry.reference("DW_AT_abstract_origin")])
    while offset in entries:
        kind = entries[offset]
        if kind.kind == "DW_TAG_array_type":
            return True
        if kind.kind not in ("DW_TAG_typedef", "DW_TAG_const_type", "DW_TAG_volatile_type"):
            return False
        offset = kind.reference("DW_AT_type")
    return False


def name_of(entries, entry):
    origin = entry.reference("DW_AT_abstract_origin")
    return name_of(entries, entries[origin]) if origin else entry.get("DW_AT_name").strip('")')


def functions_with_arrays(entries):
    """Names of the functions in whose frame an array lies, their own or an inlined function's."""
    found, function = set(), None
    for entry in entries.values():
        if entry.kind == "DW_TAG_subprogram":
            function = entry if "DW_AT_low_pc" in entry.attributes else None
        elif entry.kind == "DW_TAG_variable" and function and entry.depth > function.depth:
            if "DW_OP_fbreg" in entry.get("DW_AT_location") and is_array(entries, entry):
                found.add(name_of(entries, function))
    return found


def functions(elf):
    """{name: disassembly} of the code."""
    output = tree.run(["llvm-objdump", "--disassemble", "--reloc", "--no-show-raw-insn", elf])
    assert output.returncode == 0, output.stderr
    parts = re.split(r"(?m)^[0-9a-f]+ <([\w.$]+)>:\n", output.stdout)
    return dict(zip(parts[1::2], parts[2::2]))


def unchecked(elf):
    """Functions with an array, a way back and no check; and how many have an array at all."""
    code = functions(elf)
    arrays = {name for name in functions_with_arrays(debug_entries(elf)) if name in code}
    return {name for name in arrays
            if re.search(r"\bretq?\b", code[name]) and CHECK not in code[name]}, arrays


def test_every_function_with_an_array_checks():
    tree.need("llvm-dwarfdump", "llvm-objdump")
    bad, arrays = unchecked(tree.BUILD / "kernel.debug")
    print(f"{len(arrays)} functions of the kernel have an array in their frame")
    assert len(arrays) > 30
    assert bad == set()


def test_who_makes_the_canary_does_not_check_it():
    tree.need("llvm-objdump")
    code = functions(tree.BUILD / "kernel.elf")
    assert all(CHECK not in code[name] for name in MAKERS)


def test_the_canary_comes_before_any_c():
    """From either entry nothing outside of its file is called before the first canary."""
    for file, c in (("entry.asm", "kernel_main"), ("foreign.asm", "foreign_main")):
        source = (tree.ROOT / "kernel/arch/x86_64" / file).read_text()
        outside = set(re.findall(r"(?m)^extern\s+(\w+)", source))
        calls = [name for name in re.findall(r"(?m)^\s+call\s+(\w+)", source) if name in outside]
        assert calls == ["stack_guard_begin", c]


def test_the_other_worlds_have_none():
    tree.need("llvm-nm")
    others = [name for world, _, _, name in tree.objects() if world in ("loader", "thumb")]
    output = tree.run(["llvm-nm", "--undefined-only", *others])
    assert output.returncode == 0 and CHECK not in output.stdout
    kernels = [name for world, _, folder, name in tree.objects()
               if world == "kernel" and folder.startswith("kernel/core")]
    assert CHECK in tree.run(["llvm-nm", "--undefined-only", *kernels]).stdout


SAMPLE = "int fill(char *); int f(void); int f(void) { char room[16]; return fill(room); }\n"


def test_a_function_that_does_not_check_is_found(tmp_path):
    tree.need("clang", "llvm-dwarfdump", "llvm-objdump")
    source, output = tmp_path / "a.c", tmp_path / "a.o"
    source.write_text(SAMPLE)
    for flag, expected in (("-fno-stack-protector", {"f"}), ("-fstack-protector-strong", set())):
        assert tree.run(["clang", *tree.world_flags("kernel"), flag, "-g", "-c", source,
                         "-o", output]).returncode == 0
        assert unchecked(output) == (expected, {"f"})
