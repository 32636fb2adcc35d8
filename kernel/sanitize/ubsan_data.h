/* SPDX-License-Identifier: MIT
 *
 * What the compiler hands to the handlers: where, of what types, and the values
 * themselves: at most 64 bits, or the address of a wider one. Data only, laid
 * out as clang 14 lays it out.
 * Spec: Clang 14's output for -fsanitize=undefined, by behaviour.
 */
#pragma once

#include "base/compiler.h"

struct ubsan_place {
    const char *file;
    uint32_t line;
    uint32_t column;
};
ASSERT_SIZE(struct ubsan_place, 16);

enum ubsan_kind { UBSAN_INTEGER = 0, UBSAN_FLOAT = 1, UBSAN_UNKNOWN = 0xFFFF };

#define UBSAN_SIGNED      1 /* info, bit 0 */
#define UBSAN_WIDTH_SHIFT 1 /* the rest of info: log2 of the bits */

struct ubsan_type {
    uint16_t kind; /* enum ubsan_kind */
    uint16_t info;
    char name[]; /* with quotes: "'int'" */
};

/* Arithmetic, and others that need one type only. */
struct ubsan_typed {
    struct ubsan_place place;
    const struct ubsan_type *type;
};

struct ubsan_mismatch {
    struct ubsan_place place;
    const struct ubsan_type *type;
    uint8_t log_alignment;
    uint8_t access; /* enum ubsan_access */
};

/* What was to be done with the pointer. */
enum ubsan_access { UBSAN_LOAD, UBSAN_STORE, UBSAN_REFERENCE, UBSAN_MEMBER, UBSAN_CALL };

struct ubsan_two_types {
    struct ubsan_place place;
    const struct ubsan_type *left;  /* of an array: its own */
    const struct ubsan_type *right; /* of an array: its index's */
};

struct ubsan_builtin {
    struct ubsan_place place;
    uint8_t leading; /* 0: __builtin_ctz, 1: __builtin_clz */
};

struct ubsan_argument {
    struct ubsan_place place;
    struct ubsan_place attribute;
    int number; /* from 1 */
};

struct ubsan_assumption {
    struct ubsan_place place;
    struct ubsan_place said;
    const struct ubsan_type *type;
};
