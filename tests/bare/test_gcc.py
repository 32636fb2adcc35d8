#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""GCC's torture tests over our functions: all that name one of them."""
import re

import pytest

import suites

FUNCTIONS = """memcpy memset memmove memcmp memchr mempcpy bcopy bzero bcmp strlen strnlen strcmp
    strncmp strchr strrchr strpbrk strstr strspn strcspn strcpy strncpy strcat strncat stpcpy
    stpncpy index rindex printf vprintf fprintf vfprintf sprintf vsprintf snprintf vsnprintf putchar
    fputc puts fputs fwrite""".split()
# Builtins that clang does not have, or not without a library.
NO_BUILTINS = ["exit", "bcopy", "putchar", "puts", "fputs", "fputc", "fwrite", "fprintf"]
UNLOCKED = ["printf", "putchar", "puts", "fputs", "fputc", "fwrite", "fprintf"]


def more(name):
    """Tests of builtins come in three files; main is in the third."""
    if not name.startswith("builtins/"):
        return []
    return [name.replace(".c", "-lib.c"), "builtins/lib/main.c"]


FLAGS = ["-fgnu89-inline", "-Dalloca=__builtin_alloca",
         *(f"-D__builtin_{name}={name}" for name in NO_BUILTINS),
         *(f"-D__builtin_{name}_unlocked={name}" for name in UNLOCKED)]
SUITE = suites.Suite("gcc", "gcc-12/gcc-12*.tar.xz", "/gcc/testsuite/gcc.c-torture/execute/",
                     lambda folder, name: FLAGS, more)
NAMES = re.compile(rf"\b(?:__builtin_)?(?:{'|'.join(FUNCTIONS)})\b")
WRONG = {
    "memset-1.c": "void *memset(char *to, int value, size_t bytes)"
                  " { for (size_t i = 0; i < bytes; i++) to[i] = value | 1; return to; }",
    "strlen-1.c": "size_t string_length(const char *text)"
                  " { size_t i = 0; while (text[i]) i++; return i > 30 ? 30 : i; }",
    "strncmp-1.c": "int string_compare_within(const char *left, const char *right, size_t limit)"
                   " { return 0; }",
    "printf-1.c": "size_t format_list(void *sink, const char *format, void *arguments)"
                  " { return 0; }",
    "builtins/strstr.c": "const char *string_find_text(const char *text, const char *wanted)"
                         " { return text; }",
    "builtins/sprintf.c": "size_t format_buffer(char *to, size_t size, const char *format,"
                          " void *arguments) { return 3; }",
}


def test_suite(tmp_path):
    folder = SUITE.folder()
    paths = sorted([*folder.glob("*.c"), *folder.glob("builtins/*.c")])
    names = [path.relative_to(folder).as_posix() for path in paths
             if not path.name.endswith("-lib.c") and NAMES.search(path.read_text("latin-1"))]
    suites.assert_passes(SUITE, names, tmp_path)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_function_is_found(name, tmp_path):
    suites.assert_finds(SUITE, name, WRONG[name], tmp_path)
