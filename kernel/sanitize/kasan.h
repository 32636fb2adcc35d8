/* SPDX-License-Identifier: MIT
 *
 * Memory that must not be touched, told to the kernel address sanitizer. In the
 * KASAN build (kasan.c) each load and store of the kernel's C is looked up; in
 * every other build (kasan_off.c) these are empty functions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/sanitize/kasan_shadow.h"

/* Is this the KASAN build, and does it check already? */
bool kasan_is_on(void);

/*
 * From now on no byte of it may be read or written. address: a multiple of 8; a
 * last part of less than 8 bytes stays as it is. Memory without a shadow: nothing.
 */
void kasan_poison(const void *address, size_t bytes, enum kasan_mark why);

/* It may be used again. address: a multiple of 8. */
void kasan_unpoison(const void *address, size_t bytes);

/*
 * Nothing is checked between these two, which may be nested: for an allocator that
 * keeps its books in memory that is closed to everyone else.
 */
void kasan_pause(void);
void kasan_resume(void);

/* What a check found. */
struct kasan_finding {
    uint64_t address; /* where the access began */
    uint64_t bad;     /* its first byte that is out of bounds */
    uint64_t bytes;
    uint64_t site;  /* the return address into the code that did it */
    uint64_t frame; /* that code's rbp */
    bool write;
};

/*
 * For tests: until kasan_catch(NULL) findings are not reported; the first since
 * then is written to *finding (bytes is 0 while there is none), and the code that
 * did it goes on.
 */
void kasan_catch(struct kasan_finding *finding);

/* A finding in one line of words: kind, access, object. Returns the bytes before the NUL. */
size_t kasan_describe(const struct kasan_finding *finding, char *text, size_t size);
