/* SPDX-License-Identifier: MIT
 *
 * A finding in words, from what is known of it. Reads nothing but its arguments.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* "heap out of bounds", "use after free", ... for the mark that closes an address. */
const char *kasan_words_kind(uint8_t mark);

/* A variable of a stack frame: its place in the frame and its name, which is not NUL-terminated. */
struct kasan_variable {
    uint64_t offset;
    uint64_t bytes;
    const char *name;
    size_t name_bytes;
};

/*
 * The variable nearest to an offset, from the description that the compiler puts
 * into a frame: "COUNT OFFSET BYTES NAME_LENGTH NAME ...". False: it does not read.
 */
bool kasan_words_variable(const char *description, uint64_t offset,
                          struct kasan_variable *variable);

/* Where an address lies to an object: "right behind", "byte 3 of", "8 bytes before". */
size_t kasan_words_place(uint64_t address, uint64_t first, uint64_t bytes, char *text, size_t size);
