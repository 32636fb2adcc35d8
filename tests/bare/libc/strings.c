/* SPDX-License-Identifier: MIT
 *
 * C's names for the core's text functions. The core has no copying without a
 * bound, so that is put together from a length and a memcpy. The four memory
 * functions have C's names already.
 */
#include "tests/bare/libc/text.h"

#include <stdint.h>

#include "kernel/core/string.h"

/* C's functions take const and give back none: their caller knows whose text it is. */
static char *writable(const void *text)
{
    return (char *)(uintptr_t)text;
}

void *memchr(const void *bytes, int value, size_t count)
{
    return writable(bytes_find(bytes, (uint8_t)value, count));
}

void *mempcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    return (char *)memcpy(to, from, bytes) + bytes;
}

size_t strlen(const char *text)
{
    return string_length(text);
}

size_t strnlen(const char *text, size_t limit)
{
    return string_length_within(text, limit);
}

int strcmp(const char *left, const char *right)
{
    return string_compare(left, right);
}

int strncmp(const char *left, const char *right, size_t limit)
{
    return string_compare_within(left, right, limit);
}

char *strchr(const char *text, int letter)
{
    return writable(string_find(text, (char)letter));
}

char *strrchr(const char *text, int letter)
{
    return writable(string_find_last(text, (char)letter));
}

char *strpbrk(const char *text, const char *letters)
{
    return writable(string_find_any(text, letters));
}

char *strstr(const char *text, const char *wanted)
{
    return writable(string_find_text(text, wanted));
}

size_t strspn(const char *text, const char *letters)
{
    return string_span(text, letters);
}

size_t strcspn(const char *text, const char *letters)
{
    return string_span_until(text, letters);
}

char *strcpy(char *restrict to, const char *restrict from)
{
    return memcpy(to, from, string_length(from) + 1);
}

char *strncpy(char *restrict to, const char *restrict from, size_t limit)
{
    stpncpy(to, from, limit);
    return to;
}

char *strcat(char *restrict to, const char *restrict from)
{
    memcpy(to + string_length(to), from, string_length(from) + 1);
    return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t limit)
{
    const size_t bytes = string_length_within(from, limit);
    char *const end = to + string_length(to);
    memcpy(end, from, bytes);
    end[bytes] = '\0';
    return to;
}

char *stpcpy(char *restrict to, const char *restrict from)
{
    return (char *)mempcpy(to, from, string_length(from) + 1) - 1;
}

char *stpncpy(char *restrict to, const char *restrict from, size_t limit)
{
    const size_t bytes = string_length_within(from, limit);
    memcpy(to, from, bytes);
    memset(to + bytes, '\0', limit - bytes);
    return to + bytes;
}

void bcopy(const void *from, void *to, size_t bytes)
{
    memmove(to, from, bytes);
}

void bzero(void *to, size_t bytes)
{
    memset(to, 0, bytes);
}

int bcmp(const void *left, const void *right, size_t bytes)
{
    return memcmp(left, right, bytes);
}

char *index(const char *text, int letter)
{
    return strchr(text, letter);
}

char *rindex(const char *text, int letter)
{
    return strrchr(text, letter);
}
