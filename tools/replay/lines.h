/* SPDX-License-Identifier: MIT
 *
 * One line of a firmware record: its name, its keys, where its values go. What
 * the lines mean together is not looked at; record.c does that.
 */
#pragma once

#include "tools/replay/record.h"

/* Bytes of a larger text. */
struct text {
    const char *start;
    size_t bytes;
};

/* Cut off the first word; *rest goes on behind it. Empty: there is none. */
struct text text_word(struct text *rest);

MUST_CHECK bool text_is(struct text text, const char *word);

/*
 * A number of hexadecimal digits, lower case, not above `most`; false: it is none, and *value is
 * as before.
 */
MUST_CHECK bool text_number(struct text text, uint64_t most, uint64_t *value);

/* The name that a line starts with. */
const char *line_name(enum record_line line);

/*
 * Put one line into the record. `line` has no blanks at its end. *sum is set by the line `end`
 * alone. On failure *word is the part of the line to blame.
 */
MUST_CHECK enum record_status line_read(struct text line, struct record *record, uint32_t *sum,
                                        struct text *word);
