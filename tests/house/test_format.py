# SPDX-License-Identifier: MIT
"""C sources are as clang-format leaves them."""

import tree


def unformatted(paths, folder=tree.ROOT):
    tool = tree.need_release("clang-format")
    result = tree.run([tool, "--dry-run", "--Werror", f"--style=file:{tree.ROOT}/.clang-format",
                       *paths], cwd=folder)
    lines = result.stderr.splitlines()
    assert result.returncode == 0 or lines, "clang-format failed without a word"
    return sorted({line.split(":")[0] for line in lines if "error:" in line})


def test_c_is_formatted():
    assert unformatted(tree.files(tree.C_SUFFIXES)) == []


def test_an_unformatted_file_is_found(tmp_path):
    bad = tmp_path / "bad.c"
    bad.write_text("int f(void){return 0;}\n")
    assert unformatted([bad]) == [str(bad)]
