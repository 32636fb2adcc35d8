/* SPDX-License-Identifier: MIT
 *
 * Collects the bytes of one sequence and has them judged when they are all
 * there. Spec: The Unicode Standard, section 3.9, table 3-6.
 */
#include "kernel/dev/utf8_stream.h"

#include "kernel/core/utf8.h"

/* How many bytes a sequence has that starts so; 0: none does. */
static unsigned sequence_bytes(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if ((first & 0xE0) == 0xC0)
        return 2;
    if ((first & 0xF0) == 0xE0)
        return 3;
    if ((first & 0xF8) == 0xF0)
        return UTF8_SEQUENCE_MAX;
    return 0;
}

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

bool utf8_stream_take(struct utf8_stream *stream, uint8_t byte, uint32_t *code_point)
{
    if (stream->have == 0 || !is_continuation(byte)) {
        /* An unfinished sequence before this byte is dropped without a mark. */
        stream->have = 0;
        stream->wanted = sequence_bytes(byte);
        if (stream->wanted == 0 || byte == 0) {
            *code_point = UTF8_REPLACEMENT;
            return true;
        }
    }
    stream->bytes[stream->have++] = (char)byte;
    if (stream->have < stream->wanted)
        return false;
    stream->bytes[stream->have] = '\0';
    stream->have = 0;
    const char *text = stream->bytes;
    if (!utf8_take(&text, code_point))
        *code_point = UTF8_REPLACEMENT;
    return true;
}
