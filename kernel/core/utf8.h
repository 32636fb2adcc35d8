/* SPDX-License-Identifier: MIT
 *
 * UTF-8, one code point at a time. Strict: what is not the shortest form of a
 * Unicode scalar value is not UTF-8.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Take one code point off NUL-terminated text; false, and nothing taken, if there is none. */
bool utf8_take(const char **text, uint32_t *code_point);
