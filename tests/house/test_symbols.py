# SPDX-License-Identifier: MIT
"""Free-standing objects need nothing from outside: four memory functions, lower floors, and in the
kernel the stack protector."""

import collections
import re

import floors
import tree

FLOORS = floors.read_floors(tree.ROOT / "tests/house/floors.txt")
MEMORY = {"memcpy", "memmove", "memset", "memcmp"}
# What compilers call by themselves beside these: ARM's for the same four and for 64-bit division,
# Apple's to clear memory.
ARM_RUNTIME = {"__aeabi_memcpy", "__aeabi_memcpy4", "__aeabi_memcpy8", "__aeabi_memmove",
               "__aeabi_memmove4", "__aeabi_memmove8", "__aeabi_memset", "__aeabi_memset4",
               "__aeabi_memset8", "__aeabi_memclr", "__aeabi_memclr4", "__aeabi_memclr8",
               "__aeabi_uldivmod", "__aeabi_ldivmod"}
# What the compiler adds in the kernel: a canary in every frame that has an array.
STACK_PROTECTOR = {"__stack_chk_guard", "__stack_chk_fail"}
OWN_NEEDS = {"kernel": STACK_PROTECTOR, "thumb": ARM_RUNTIME, "macos": {"__bzero"}}
FREE_WORLDS = ("loader", "kernel", "thumb", "windows", "macos")
UNDERSCORE = {"macos"}  # the worlds whose C names have one more in front


def libraries():
    """Objects by (world, floor) for the folders that every world shares."""
    found = collections.defaultdict(list)
    for world, _, folder, name in tree.objects():
        floor = floors.floor_of(folder, FLOORS)
        if world in FREE_WORLDS and floor and floor.whole:
            found[world, floor].append(name)
    return found


def foreign_symbols(names, lower, world="kernel"):
    """What some objects need beyond themselves, the memory functions and lower objects."""
    defined, undefined = tree.symbols(*names)
    below = tree.symbols(*lower)[0] if lower else set()
    needed = undefined - defined - below
    if world in UNDERSCORE:
        needed = {name.removeprefix("_") for name in needed}
    return needed - MEMORY - OWN_NEEDS.get(world, set())


def test_shared_libraries_need_only_memory_functions():
    tree.need("llvm-nm")
    found = libraries()
    assert {floor.place for _, floor in found} >= {"kernel/core", "stage2/plan"}
    assert {world for world, _ in found} == set(FREE_WORLDS)
    for (world, floor), names in found.items():
        lower = [name for (other, below), group in found.items() for name in group
                 if other == world and below.height < floor.height]
        foreign = foreign_symbols(names, lower, world)
        assert foreign == set(), f"{floor.place} for {world} needs {sorted(foreign)}"


def called_memory_functions(name):
    """Which of the four an object file calls, even if it defines them itself."""
    relocations = tree.run(["llvm-objdump", "--reloc", name]).stdout
    values = [line.split()[-1] for line in relocations.splitlines()
              if re.search(r" (R_|IMAGE_REL_AMD64_REL32|X86_64_RELOC_BRANCH)", line)]
    return {function for function in MEMORY for value in values
            if re.fullmatch(rf"_?{function}(-0x4)?", value)}


def test_portable_memory_functions_call_nothing(tmp_path):
    """A compiler that saw through their loops would make each a call of itself."""
    tree.need("llvm-nm", "llvm-objdump")
    portable = [name for world, _, _, name in tree.objects()
                if world in FREE_WORLDS and name.endswith("/memory_portable.c.o")]
    assert len(portable) == len(FREE_WORLDS)
    for name in portable:
        defined, undefined = tree.symbols(name)
        assert ({symbol.removeprefix("_") for symbol in defined}, undefined) == (MEMORY, set())
        assert called_memory_functions(name) == set()
    source, output = tmp_path / "a.c", tmp_path / "a.o"
    source.write_text("void memset(char *to, long bytes) { memset(to, bytes - 1); to[bytes]++; }\n")
    assert tree.run(["clang", "--target=x86_64-unknown-none-elf", "-ffreestanding", "-w", "-c",
                     source, "-o", output]).returncode == 0
    assert called_memory_functions(output) == {"memset"}


def test_linked_files_need_nothing():
    tree.need("llvm-nm")
    for name in ("stage2.elf", "kernel.elf"):
        defined, undefined = tree.symbols(tree.BUILD / name)
        assert defined and undefined == set()


def test_a_library_that_needs_libc_is_found(tmp_path):
    tree.need("clang", "llvm-nm")
    source, output = tmp_path / "a.c", tmp_path / "a.o"
    source.write_text("int puts(const char *); int f(void); int f(void) { return puts(\"x\"); }\n")
    assert tree.run(["clang", *tree.world_flags("kernel"), "-c", source, "-o", output]
                    ).returncode == 0
    assert foreign_symbols([output], []) == {"puts"}
