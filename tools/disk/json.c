/* SPDX-License-Identifier: MIT
 *
 * See json.h.
 */
#include "tools/disk/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "kernel/core/utf8.h"

#define DEPTH_MAX   8
#define FIRST_PLAIN 0x20 /* below are control characters, which RFC 8259 wants escaped */

static char closers[DEPTH_MAX];
static unsigned depth;
static bool is_first = true; /* no comma yet at this depth */

/* What is no UTF-8 becomes a '?': a path may be any bytes, JSON may not. */
static void put_string(const char *text)
{
    putchar('"');
    for (const char *at = text; *at != '\0';) {
        const char *const first = at;
        uint32_t code_point;
        if (!utf8_take(&at, &code_point)) {
            putchar('?');
            at++;
        } else if (code_point < FIRST_PLAIN) {
            printf("\\u%04x", code_point);
        } else {
            if (code_point == '"' || code_point == '\\')
                putchar('\\');
            fwrite(first, 1, (size_t)(at - first), stdout);
        }
    }
    putchar('"');
}

static void put_key(const char *key)
{
    if (!is_first)
        fputs(", ", stdout);
    is_first = false;
    if (key != NULL) {
        put_string(key);
        fputs(": ", stdout);
    }
}

static void open_with(const char *key, char opener, char closer)
{
    assert(depth < DEPTH_MAX);
    put_key(key);
    putchar(opener);
    closers[depth++] = closer;
    is_first = true;
}

void json_open(const char *key)
{
    open_with(key, '{', '}');
}

void json_open_list(const char *key)
{
    open_with(key, '[', ']');
}

void json_text(const char *key, const char *text)
{
    put_key(key);
    if (text == NULL)
        fputs("null", stdout);
    else
        put_string(text);
}

void json_number(const char *key, uint64_t number)
{
    put_key(key);
    printf("%" PRIu64, number);
}

void json_hex(const char *key, uint64_t number, int digits)
{
    put_key(key);
    printf("\"%0*" PRIx64 "\"", digits, number);
}

void json_truth(const char *key, bool truth)
{
    put_key(key);
    fputs(truth ? "true" : "false", stdout);
}

void json_close(void)
{
    assert(depth > 0);
    putchar(closers[--depth]);
    is_first = depth == 0;
    if (depth == 0) {
        putchar('\n');
        fflush(stdout);
    }
}
