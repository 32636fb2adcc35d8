/* SPDX-License-Identifier: MIT
 *
 * The pieces of a configuration line. Every loop is bounded by the span it was
 * given; the text is not trusted and need not end in NUL.
 */
#include "stage2/plan/config_text.h"

#include "kernel/core/string.h"

#define CONTROL_LAST 0x1F
#define DELETE       0x7F

static const uint8_t byte_order_mark[] = { 0xEF, 0xBB, 0xBF }; /* U+FEFF in UTF-8 */

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t';
}

static struct config_span span_from(struct config_span text, size_t start)
{
    return (struct config_span){ .text = text.text + start, .bytes = text.bytes - start };
}

/* Bytes before the first `wanted`, or all of them. */
static size_t bytes_before(struct config_span text, char wanted)
{
    size_t bytes = 0;
    while (bytes < text.bytes && text.text[bytes] != wanted)
        bytes++;
    return bytes;
}

struct config_span config_span_skip_mark(struct config_span text)
{
    const size_t bytes = sizeof(byte_order_mark);
    if (text.bytes >= bytes && memcmp(text.text, byte_order_mark, bytes) == 0)
        return span_from(text, bytes);
    return text;
}

bool config_span_cut_line(struct config_span *rest, struct config_span *line)
{
    if (rest->bytes == 0)
        return false;
    const size_t bytes = bytes_before(*rest, '\n');
    *line = (struct config_span){ .text = rest->text, .bytes = bytes };
    if (bytes != 0 && rest->text[bytes - 1] == '\r')
        line->bytes = bytes - 1;
    *rest = span_from(*rest, bytes < rest->bytes ? bytes + 1 : bytes);
    return true;
}

struct config_span config_span_trim(struct config_span text)
{
    size_t start = 0;
    while (start < text.bytes && is_blank(text.text[start]))
        start++;
    struct config_span trimmed = span_from(text, start);
    while (trimmed.bytes != 0 && is_blank(trimmed.text[trimmed.bytes - 1]))
        trimmed.bytes--;
    return trimmed;
}

struct config_span config_span_cut_word(struct config_span *rest)
{
    const struct config_span text = config_span_trim(*rest);
    size_t bytes = 0;
    while (bytes < text.bytes && !is_blank(text.text[bytes]))
        bytes++;
    *rest = config_span_trim(span_from(text, bytes));
    return (struct config_span){ .text = text.text, .bytes = bytes };
}

bool config_span_split(struct config_span text, char separator, struct config_span *before,
                       struct config_span *behind)
{
    const size_t bytes = bytes_before(text, separator);
    if (bytes == text.bytes)
        return false;
    *before = config_span_trim((struct config_span){ .text = text.text, .bytes = bytes });
    *behind = config_span_trim(span_from(text, bytes + 1));
    return true;
}

struct config_span config_span_strip_comment(struct config_span text)
{
    for (size_t place = 0; place < text.bytes; place++) {
        if (text.text[place] == '#' && (place == 0 || is_blank(text.text[place - 1]))) {
            text.bytes = place;
            break;
        }
    }
    return config_span_trim(text);
}

bool config_span_has_control(struct config_span text)
{
    for (size_t place = 0; place < text.bytes; place++) {
        const uint8_t byte = (uint8_t)text.text[place];
        if ((byte <= CONTROL_LAST && byte != '\t') || byte == DELETE)
            return true;
    }
    return false;
}

bool config_span_equals(struct config_span text, const char *word)
{
    return text.bytes == string_length(word) && memcmp(text.text, word, text.bytes) == 0;
}

bool config_span_same_path(struct config_span left, struct config_span right)
{
    if (left.bytes != right.bytes)
        return false;
    for (size_t place = 0; place < left.bytes; place++) {
        if (string_fold_letter(left.text[place]) != string_fold_letter(right.text[place]))
            return false;
    }
    return true;
}

bool config_span_is_path(struct config_span text)
{
    if (text.bytes == 0 || text.text[0] != '/')
        return false;
    struct config_span rest = text;
    while (rest.bytes != 0) {
        rest = span_from(rest, 1); /* behind the slash */
        const struct config_span part = { .text = rest.text, .bytes = bytes_before(rest, '/') };
        if (part.bytes == 0 || config_span_equals(part, ".") || config_span_equals(part, ".."))
            return false;
        rest = span_from(rest, part.bytes);
    }
    return bytes_before(text, '\\') == text.bytes && bytes_before(text, ' ') == text.bytes &&
           bytes_before(text, '\t') == text.bytes;
}

struct config_span config_span_last_part(struct config_span path)
{
    size_t start = path.bytes;
    while (start != 0 && path.text[start - 1] != '/')
        start--;
    return span_from(path, start);
}
