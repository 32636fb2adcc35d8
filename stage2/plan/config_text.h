/* SPDX-License-Identifier: MIT
 *
 * Pieces of the text of coldstart.cfg: lines, words, numbers, paths. Nothing is
 * copied or written; a span points into the text. Knows no key.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* `bytes` bytes of text, not NUL-terminated. */
struct config_span {
    const char *text;
    size_t bytes;
};

/* The rest of the text behind a UTF-8 byte order mark, if there is one. */
struct config_span config_span_skip_mark(struct config_span text);

/* Cut the next line off the rest, without its LF or CR LF; false at the end. */
bool config_span_cut_line(struct config_span *rest, struct config_span *line);

/* Cut the next word off the rest; it is empty when there is none. */
struct config_span config_span_cut_word(struct config_span *rest);

/* Cut at `separator`: before and behind it, trimmed; false when there is none. */
bool config_span_split(struct config_span text, char separator, struct config_span *before,
                       struct config_span *behind);

/* Without the blanks (space, tab) at both ends. */
struct config_span config_span_trim(struct config_span text);

/* Without a comment: from a # at the start or behind a blank on. */
struct config_span config_span_strip_comment(struct config_span text);

bool config_span_has_control(struct config_span text);

bool config_span_equals(struct config_span text, const char *word);

/* The same path, as FAT compares names? */
bool config_span_same_path(struct config_span left, struct config_span right);

/* Absolute, no blank, no backslash, no empty, "." or ".." part? */
bool config_span_is_path(struct config_span text);

/* What stands behind the last slash of a path. */
struct config_span config_span_last_part(struct config_span path);
