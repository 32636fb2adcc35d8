/* SPDX-License-Identifier: MIT
 *
 * Kinds, variables and places in words.
 * Spec: LLVM 14, AddressSanitizer: ComputeASanStackFrameDescription.
 */
#include "kernel/sanitize/kasan_words.h"

#include "kernel/core/format.h"
#include "kernel/sanitize/kasan_shadow.h"

const char *kasan_words_kind(uint8_t mark)
{
    switch (mark) {
    case KASAN_STACK_BEFORE:
    case KASAN_STACK_BETWEEN:
    case KASAN_STACK_BEHIND:
    case KASAN_ALLOCA_BEFORE:
    case KASAN_ALLOCA_BEHIND:
        return "stack out of bounds";
    case KASAN_OUT_OF_SCOPE:
        return "use after scope";
    case KASAN_GLOBAL:
        return "global out of bounds";
    case KASAN_HEAP:
        return "heap out of bounds";
    case KASAN_HEAP_FREE:
        return "use after free";
    case KASAN_FRAME_FREE:
        return "use of a free frame";
    default:
        return "out of bounds";
    }
}

/* A decimal number and the space behind it. */
static bool take_number(const char **text, uint64_t *value)
{
    const char *at = *text;
    *value = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        *value = *value * 10 + (uint64_t)(*at - '0');
    if (at == *text || *at != ' ')
        return false;
    *text = at + 1;
    return true;
}

static bool take_variable(const char **text, struct kasan_variable *variable)
{
    uint64_t length;
    if (!take_number(text, &variable->offset) || !take_number(text, &variable->bytes) ||
        !take_number(text, &length))
        return false;
    variable->name = *text;
    variable->name_bytes = 0;
    for (uint64_t i = 0; i < length; i++) {
        if ((*text)[i] == '\0')
            return false;
        /* Behind the name stands ":LINE", and ".i" where the compiler has inlined the function. */
        if (((*text)[i] == ':' || (*text)[i] == '.') && variable->name_bytes == 0)
            variable->name_bytes = i;
    }
    if (variable->name_bytes == 0)
        variable->name_bytes = length;
    *text += length;
    if (**text == ' ')
        (*text)++;
    return true;
}

static uint64_t distance(const struct kasan_variable *variable, uint64_t offset)
{
    if (offset < variable->offset)
        return variable->offset - offset;
    return offset - variable->offset < variable->bytes
               ? 0
               : offset - variable->offset - variable->bytes + 1;
}

bool kasan_words_variable(const char *description, uint64_t offset, struct kasan_variable *variable)
{
    uint64_t count;
    if (!take_number(&description, &count) || count == 0)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        struct kasan_variable next;
        if (!take_variable(&description, &next))
            return false;
        if (i == 0 || distance(&next, offset) < distance(variable, offset))
            *variable = next;
    }
    return true;
}

size_t kasan_words_place(uint64_t address, uint64_t first, uint64_t bytes, char *text, size_t size)
{
    const unsigned long long offset = address - first;
    if (address < first)
        return format_string(text, size, "%llu bytes before", (unsigned long long)first - address);
    if (offset < bytes)
        return format_string(text, size, "byte %llu of", offset);
    if (offset == bytes)
        return format_string(text, size, "right behind");
    return format_string(text, size, "%llu bytes behind", offset - bytes);
}
