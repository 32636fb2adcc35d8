/* SPDX-License-Identifier: MIT
 *
 * UTF-8 that arrives byte by byte. Strict, as kernel/core/utf8.h is: every
 * sequence that is not UTF-8 becomes one U+FFFD.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define UTF8_SEQUENCE_MAX 4
#define UTF8_REPLACEMENT  0xFFFD

/* All zero is the start. */
struct utf8_stream {
    char bytes[UTF8_SEQUENCE_MAX + 1];
    unsigned have;
    unsigned wanted;
};

/* Take one byte; true when it completes a code point, or when there can be none any more. */
bool utf8_stream_take(struct utf8_stream *stream, uint8_t byte, uint32_t *code_point);
