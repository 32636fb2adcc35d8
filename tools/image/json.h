/* SPDX-License-Identifier: MIT
 *
 * JSON, written as it comes. Spec: RFC 8259.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *to;
    unsigned depth;
    bool first; /* nothing stands yet in the innermost braces */
};

/* A name is NULL in an array and outside of everything. `bracket` is { or [. */
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
void json_text(struct json *json, const char *name, const char *text);
void json_number(struct json *json, const char *name, uint64_t number);
void json_hex(struct json *json, const char *name, uint64_t number, int digits);
void json_bool(struct json *json, const char *name, bool value);
