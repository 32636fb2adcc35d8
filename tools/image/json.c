/* SPDX-License-Identifier: MIT
 *
 * See json.h.
 */
#include "tools/image/json.h"

#include <inttypes.h>

#define INDENT 2

static void string_write(struct json *json, const char *text)
{
    putc('"', json->to);
    for (; *text != '\0'; text++) {
        const unsigned char letter = (unsigned char)*text;
        if (letter == '"' || letter == '\\')
            fprintf(json->to, "\\%c", letter);
        else if (letter < ' ')
            fprintf(json->to, "\\u%04x", letter);
        else
            putc(letter, json->to);
    }
    putc('"', json->to);
}

static void begin(struct json *json, const char *name)
{
    if (json->depth != 0)
        fprintf(json->to, "%s\n%*s", json->first ? "" : ",", (int)json->depth * INDENT, "");
    json->first = false;
    if (name == NULL)
        return;
    string_write(json, name);
    fputs(": ", json->to);
}

void json_open(struct json *json, const char *name, char bracket)
{
    begin(json, name);
    putc(bracket, json->to);
    json->depth++;
    json->first = true;
}

void json_close(struct json *json, char bracket)
{
    json->depth--;
    if (!json->first)
        fprintf(json->to, "\n%*s", (int)json->depth * INDENT, "");
    json->first = false;
    putc(bracket == '{' ? '}' : ']', json->to);
    if (json->depth == 0)
        putc('\n', json->to);
}

void json_text(struct json *json, const char *name, const char *text)
{
    begin(json, name);
    string_write(json, text);
}

void json_number(struct json *json, const char *name, uint64_t number)
{
    begin(json, name);
    fprintf(json->to, "%" PRIu64, number);
}

void json_hex(struct json *json, const char *name, uint64_t number, int digits)
{
    begin(json, name);
    fprintf(json->to, "\"%0*" PRIx64 "\"", digits, number);
}

void json_bool(struct json *json, const char *name, bool value)
{
    begin(json, name);
    fputs(value ? "true" : "false", json->to);
}
