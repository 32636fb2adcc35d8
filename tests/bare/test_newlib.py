#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""newlib's own tests over our functions."""
import pytest

import suites

SUITE = suites.Suite("newlib", "newlib/newlib-*.tar.xz", "/newlib/testsuite/",
                     lambda folder, name: [f"-I{folder}/include"])
WRONG = {
    "newlib.string/memcpy-1.c": "void *memcpy(char *to, const char *from, size_t bytes)"
                                " { for (; bytes > 1; bytes--) *to++ = *from++; return to; }",
    "newlib.string/memmove1.c": "void *memmove(char *to, const char *from, size_t bytes)"
                                " { for (size_t i = 0; i < bytes; i++) to[i] = from[i];"
                                " return to; }",
    "newlib.string/strcmp-1.c": "int string_compare(const char *left, const char *right)"
                                " { return *left - *right; }",
    "newlib.string/tstring.c": "size_t string_length(const char *text)"
                               " { size_t i = 0; while (text[i]) i++; return i > 30 ? 30 : i; }",
}


def test_suite(tmp_path):
    folder = SUITE.folder()
    names = sorted(path.relative_to(folder).as_posix() for path in folder.glob("newlib.*/*.c"))
    suites.assert_passes(SUITE, names, tmp_path)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_function_is_found(name, tmp_path):
    suites.assert_finds(SUITE, name, WRONG[name], tmp_path)
