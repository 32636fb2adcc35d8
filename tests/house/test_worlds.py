# SPDX-License-Identifier: MIT
"""Shared source is one source: built for every world, and without conditional compilation."""

import re

import floors
import tree

FLOORS = floors.read_floors(tree.ROOT / "tests/house/floors.txt")
WORLDS = ("loader", "kernel", "thumb", "windows", "macos", "host")
CONDITIONAL = re.compile(r"^\s*#\s*(?:if|ifdef|ifndef|elif)\b", re.MULTILINE)
GLOBAL_STATE = re.compile(r" [bBdDC] (\S+)$")


def shared_files(suffix):
    for path in tree.files({suffix}):
        floor = floors.floor_of(tree.short(path), FLOORS)
        if floor and (floor.whole or (floor.shared and suffix == ".h")):
            yield path


def test_every_shared_source_is_built_for_every_world():
    built = {(world, name) for world, _, _, name in tree.objects()}
    missing = [f"{tree.short(path)} for {world}" for path in shared_files(".c") for world in WORLDS
               if not any(other == world and name.endswith(f"/{path.name}.o")
                          for other, name in built)]
    assert missing == []


def test_every_folder_is_configured():
    """Samples aside: they are projects of their own, and tests/samples configures them."""
    assert [tree.short(path) for path in tree.files() if path.name == "CMakeLists.txt"
            and not tree.short(path).startswith("samples/")
            and not (tree.BUILD / path.relative_to(tree.ROOT).parent / "CTestTestfile.cmake"
                     ).exists()] == []


def test_shared_source_is_unconditional():
    assert [tree.short(path) for suffix in (".c", ".h") for path in shared_files(suffix)
            if CONDITIONAL.search(path.read_text())] == []


def writable_symbols(objects):
    output = tree.run(["llvm-nm", "--no-sort", *objects])
    assert output.returncode == 0, output.stderr
    return [match.group(1) for match in map(GLOBAL_STATE.search, output.stdout.splitlines())
            if match]


def test_shared_source_has_no_global_state():
    tree.need("llvm-nm")
    objects = [name for world, _, folder, name in tree.objects()
               if world == "kernel" and floors.floor_of(folder, FLOORS).whole]
    assert objects and writable_symbols(objects) == []


def test_bad_samples_are_found(tmp_path):
    tree.need("clang", "llvm-nm")
    assert CONDITIONAL.search("int x;\n#  ifdef KERNEL\n")
    source, output = tmp_path / "a.c", tmp_path / "a.o"
    source.write_text("int counter; static int hidden; int *f(void); int *f(void) "
                      "{ counter++; return &hidden; }\n")
    assert tree.run(["clang", "-c", source, "-o", output]).returncode == 0
    assert sorted(writable_symbols([output])) == ["counter", "hidden"]
