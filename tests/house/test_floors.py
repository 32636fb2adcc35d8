# SPDX-License-Identifier: MIT
"""The floors hold: no include goes up, sideways, in a circle or to the other ladder."""

import pytest

import floors
import tree

FLOORS = floors.read_floors(tree.ROOT / "tests/house/floors.txt")


def test_every_include_goes_down():
    assert floors.problems(tree.ROOT.resolve(), FLOORS) == []


def test_every_folder_of_the_list_is_there():
    assert [floor.place for floor in FLOORS if not (tree.ROOT / floor.place).exists()] == []


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize("name, text, complaint", [
    ("include/base/a.h", '#include "boot/status.h"\n', "include/base may not use include/boot"),
    ("kernel/core/a.c", '#  include "kernel/dev/uart.h"\n', "kernel/core may not use kernel/dev"),
    ("stage2/a.c", '#include "kernel/dev/uart.h"\n', "stage2 may not use kernel/dev"),
    ("kernel/a.c", '#include "stage2/plan/p.h"\n', "kernel may not use stage2/plan"),
    ("stage2/real/a.asm", '%include "stage2/top.inc"\n', "stage2/real may not use stage2"),
    ("tools/x/a.c", '#include "kernel/dev/uart.h"\n', "tools may not use kernel/dev"),
    ("tools/x/a.c", '#include "tests/t.h"\n', "tools may not use tests"),
    ("kernel/core/a.c", "#include <stdio.h>\n", "not a free-standing header"),
    ("kernel/core/a.c", '#include "string.h"\n', "not found from include/"),
    ("samples/nasm/a.asm", '%include "stage2/top.inc"\n', "not found from include/"),
    ("samples/c-gcc/a.c", "#include <stdio.h>\n", "not a free-standing header"),
    ("samples/c-gcc/a.c", '#include "../nasm/b.h"\n', "samples/c-gcc may not use samples/nasm"),
    ("kernel/core/a.c", "#include <coldstart/boot_info.h>\n", "not a free-standing header"),
    ("elsewhere/a.h", "", "stands on no floor"),
    ("tests/b.h", '#include "tests/b.h"\n', "a cycle: tests/b.h -> tests/b.h"),
])
def test_a_wrong_edge_is_found(tmp_path, name, text, complaint):
    for good in ("include/boot/status.h", "kernel/dev/uart.h", "kernel/core/string.h",
                 "stage2/top.inc", "stage2/plan/p.h", "samples/nasm/b.h", "tests/t.h"):
        write(tmp_path, good, "")
    assert floors.problems(tmp_path, FLOORS) == []
    write(tmp_path, name, text)
    found = floors.problems(tmp_path, FLOORS)
    assert len(found) == 1 and complaint in found[0]


def test_right_edges_pass(tmp_path):
    write(tmp_path, "include/boot/status.h", "")
    write(tmp_path, "stage2/plan/p.h", '#include "boot/status.h"\n#include <stdint.h>\n')
    write(tmp_path, "tests/unit/t.c", '#include <stdio.h>\n#include "stage2/plan/p.h"\n')
    assert floors.problems(tmp_path, FLOORS) == []
