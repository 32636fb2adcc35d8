# SPDX-License-Identifier: MIT
"""Each header compiles alone, twice over, in every world it is meant for."""

import floors
import tree

FLOORS = floors.read_floors(tree.ROOT / "tests/house/floors.txt")
EVERY_WORLD = ["loader", "kernel", "thumb", "windows", "macos", "host"]
LADDER_WORLDS = {"loader": ["loader"], "kernel": ["kernel"], "roof": ["host"],
                 "samples": ["host"]}


def worlds_of(header):
    floor = floors.floor_of(tree.short(header), FLOORS)
    return EVERY_WORLD if floor.shared else LADDER_WORLDS[floor.ladder]


def compile_command(header, world, folder):
    """Compile a source that only includes the header, twice; its name tells what failed."""
    source = folder / f"{world}_{tree.short(header).replace('/', '_')}.c"
    source.write_text(f'#include "{header}"\n#include "{header}"\n')
    flags = tree.world_flags(world)
    return ["clang", "-std=gnu17", "-fsyntax-only", *flags, "-Wno-unused-macros",
            f"-I{tree.ROOT}/include", f"-I{tree.ROOT}", source]


def failures(pairs, folder):
    results = tree.run_all([compile_command(header, world, folder) for header, world in pairs])
    return [result.stderr for result in results if result.returncode != 0]


def test_every_header_compiles_alone(tmp_path):
    tree.need("clang")
    pairs = [(header, world) for header in tree.files({".h"}) for world in worlds_of(header)]
    assert len(pairs) > 100
    assert failures(pairs, tmp_path) == []


def test_a_needy_header_is_found(tmp_path, monkeypatch):
    tree.need("clang")
    monkeypatch.setattr(tree, "short", lambda path: path.name)
    header = tmp_path / "needy.h"
    header.write_text("#pragma once\nstruct needy { uint32_t field; };\n")
    found = failures([(header, "kernel")], tmp_path)
    assert len(found) == 1 and "uint32_t" in found[0]


def test_a_header_without_pragma_once_is_found(tmp_path, monkeypatch):
    tree.need("clang")
    monkeypatch.setattr(tree, "short", lambda path: path.name)
    header = tmp_path / "twice.h"
    header.write_text("struct twice { int field; };\n")
    assert len(failures([(header, "host")], tmp_path)) == 1
