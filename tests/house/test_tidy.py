# SPDX-License-Identifier: MIT
"""clang-tidy finds nothing in the loader, the kernel and the sources they share."""

import json
import shlex

import tree

PREFERRED = ("-mcmodel=small", "-mcmodel=kernel")


def chosen_commands():
    """One compile command for each free-standing x86 source; the loader's, if it has one."""
    chosen = {}
    for model in PREFERRED:
        for entry in tree.compile_commands():
            words = entry.get("arguments") or shlex.split(entry["command"])
            if model in words:
                chosen.setdefault(entry["file"], entry)
    return sorted(chosen.values(), key=lambda entry: entry["file"])


def complaints(entries, folder):
    tool = tree.need_release("clang-tidy")
    (folder / "compile_commands.json").write_text(json.dumps(entries))
    results = tree.run_all([[tool, "--quiet", f"--config-file={tree.ROOT}/.clang-tidy", "-p",
                             folder, entry["file"]] for entry in entries])
    return [result.stdout.strip() for result in results if result.returncode != 0]


def test_sources_are_tidy(tmp_path):
    entries = chosen_commands()
    assert len(entries) > 20
    assert complaints(entries, tmp_path) == []


def test_an_untidy_source_is_found(tmp_path):
    source = tmp_path / "a.c"
    source.write_text("int f(int x);\nint f(int x)\n{\n    if (x);\n        return 1;\n}\n")
    found = complaints([{"directory": str(tmp_path), "file": str(source),
                         "command": f"clang -c {source}"}], tmp_path)
    assert len(found) == 1 and "bugprone-suspicious-semicolon" in found[0]
