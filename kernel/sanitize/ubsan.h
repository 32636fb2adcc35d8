/* SPDX-License-Identifier: MIT
 *
 * Undefined behaviour, found by the compiler's checks where it happens and told
 * in words. In the debug build all of the kernel's C is checked; in the default
 * build nothing calls this. The first finding is a panic, unless a test wants
 * to see it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define UBSAN_TEXT_BYTES 160

/* Whether this kernel's C is checked: ubsan_on.c or ubsan_off.c, as it was built. */
extern const bool ubsan_is_on;

/* A finding that a test waits for; count says how many there were, the rest tells of the last. */
struct ubsan_finding {
    unsigned count;
    const char *file;
    uint32_t line;
    char text[UBSAN_TEXT_BYTES]; /* "signed integer overflow: 2147483647 + 1 does not ..." */
};

/* From now on findings are written there and execution goes on; NULL: they are panics again. */
void ubsan_catch(struct ubsan_finding *finding);
