/* SPDX-License-Identifier: MIT
 *
 * JSON on standard output, written from its start to its end: an object on a line
 * of its own, with texts, numbers, truths and lists. A key is NULL inside a list.
 * Spec: RFC 8259.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void json_open(const char *key);
void json_open_list(const char *key);
void json_text(const char *key, const char *text); /* a null text becomes null */
void json_number(const char *key, uint64_t number);
/* A number as a text of hex digits, at least so many. */
void json_hex(const char *key, uint64_t number, int digits);
void json_truth(const char *key, bool truth);

/* Ends what was opened last; after the outermost, the line ends and is flushed. */
void json_close(void);
