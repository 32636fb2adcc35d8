# SPDX-License-Identifier: MIT
"""No function is longer than fits an eye, no file longer than one sitting."""

import ast
import re

import tree

FUNCTION_LINES = 60
FILE_LINES = 500
SOURCE_SUFFIXES = tree.CODE_SUFFIXES | {".py", ".sh", ".cmake", ".js", ".css"}


def c_functions(text):
    """(name, lines) of each function: from the line of its name to its closing brace. Relies on
    clang-format: a body's braces, and nothing else's on a line alone, stand in column 1."""
    lines = text.splitlines()
    for start, line in enumerate(lines):
        if line != "{":
            continue
        first = start - 1
        while first > 0 and lines[first - 1] and not lines[first - 1].endswith((";", "}", "/")):
            first -= 1
        name = re.search(r"(\w+)\(", " ".join(lines[first:start]))
        end = next(number for number in range(start, len(lines)) if lines[number] == "}")
        yield name.group(1) if name else "?", end - first + 1


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def script_functions(text):
    """Of JavaScript: from "function" in column 1 to the closing brace there."""
    for found in re.finditer(r"^function (\w+)\(.*?^\}", text, re.DOTALL | re.MULTILINE):
        yield found.group(1), found.group().count("\n") + 1


FINDERS = {".py": python_functions, ".js": script_functions}


def long_functions(path):
    finder = FINDERS.get(path.suffix, c_functions)
    return [f"{path.name}: {name} has {lines} lines"
            for name, lines in finder(path.read_text()) if lines > FUNCTION_LINES]


def is_long(path):
    return len(path.read_text().splitlines()) > FILE_LINES


def test_functions_are_short():
    paths = tree.files(tree.C_SUFFIXES | {".py", ".js"})
    lengths = [lines for path in paths if path.suffix in tree.C_SUFFIXES
               for _, lines in c_functions(path.read_text())]
    print(f"{len(lengths)} C functions, {sum(n <= 30 for n in lengths) / len(lengths):.0%} of at "
          f"most 30 lines, longest {max(lengths)}")
    assert [offence for path in paths for offence in long_functions(path)] == []


def test_files_are_short():
    paths = [path for path in tree.files() if path.suffix in SOURCE_SUFFIXES
             or path.name == "CMakeLists.txt"]
    assert [tree.short(path) for path in paths if is_long(path)] == []


def test_a_long_function_is_found(tmp_path):
    body = "    x++;\n"
    for lines, expected in ((FUNCTION_LINES - 3, []), (FUNCTION_LINES, ["a.c: f has 63 lines"])):
        path = tmp_path / "a.c"
        path.write_text(f"int x;\n\nvoid f(int a)\n{{\n{body * lines}}}\n")
        assert long_functions(path) == expected
    path = tmp_path / "a.py"
    path.write_text("def f():\n" + "    pass\n" * FUNCTION_LINES)
    assert long_functions(path) == ["a.py: f has 61 lines"]
    path = tmp_path / "a.js"
    path.write_text("function f() {\n" + "    g();\n" * FUNCTION_LINES + "}\n")
    assert long_functions(path) == ["a.js: f has 62 lines"]


def test_a_long_file_is_found(tmp_path):
    path = tmp_path / "a.c"
    path.write_text("\n" * (FILE_LINES + 1))
    assert is_long(path)
