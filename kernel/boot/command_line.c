/* SPDX-License-Identifier: MIT
 *
 * Takes the line apart at blanks and compares each word with those it knows.
 */
#include "kernel/boot/command_line.h"

#include "kernel/core/string.h"

#define DECIMAL 10

/* A word, not NUL-terminated. */
struct word {
    const char *text;
    size_t bytes;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct word next_word(const char **rest)
{
    while (is_blank(**rest))
        (*rest)++;
    struct word word = { .text = *rest, .bytes = 0 };
    while (**rest != '\0' && !is_blank(**rest))
        (*rest)++;
    word.bytes = (size_t)(*rest - word.text);
    return word;
}

static bool word_is(struct word word, const char *text)
{
    return word.bytes == string_length(text) && memcmp(word.text, text, word.bytes) == 0;
}

/* Does the word start with `key`, which ends in '='? Then *value is the rest. */
static bool word_has_key(struct word word, const char *key, struct word *value)
{
    const size_t length = string_length(key);
    if (word.bytes < length || memcmp(word.text, key, length) != 0)
        return false;
    *value = (struct word){ .text = word.text + length, .bytes = word.bytes - length };
    return true;
}

static bool take_text(struct word value, char text[COMMAND_LINE_VALUE_BYTES])
{
    return value.bytes > 0 && string_copy(text, COMMAND_LINE_VALUE_BYTES, value.text, value.bytes);
}

static bool take_panic(struct word value, enum panic_choice *choice)
{
    if (word_is(value, "halt"))
        *choice = PANIC_HALT;
    else if (word_is(value, "reboot"))
        *choice = PANIC_REBOOT;
    else if (word_is(value, "exit"))
        *choice = PANIC_EXIT;
    else
        return false;
    return true;
}

static bool take_number(struct word value, uint64_t *number)
{
    return string_parse_unsigned(value.text, value.bytes, DECIMAL, number);
}

static bool take_memory(struct word value, enum memory_choice *choice)
{
    if (word_is(value, "fast"))
        *choice = MEMORY_FAST;
    else if (word_is(value, "checked"))
        *choice = MEMORY_CHECKED;
    else
        return false;
    return true;
}

/* False: not a word of ours, or not a value it can have. */
static bool take_word(struct word word, struct command_line *result)
{
    struct word value;
    if (word_is(word, "selftest"))
        return result->selftest = true;
    if (word_has_key(word, "selftest=", &value))
        return result->selftest = take_text(value, result->pattern);
    if (word_is(word, "record"))
        return result->record = true;
    if (word_is(word, "bench"))
        return result->bench = true;
    if (word_has_key(word, "bench=", &value))
        return result->bench = take_text(value, result->area);
    if (word_is(word, "exit"))
        return result->leave = true;
    if (word_has_key(word, "provoke=", &value))
        return take_text(value, result->provoke);
    if (word_has_key(word, "panic=", &value))
        return take_panic(value, &result->panic);
    if (word_has_key(word, "fail=", &value))
        return take_number(value, &result->fail);
    if (word_has_key(word, "memory=", &value))
        return take_memory(value, &result->memory);
    return false;
}

void command_line_parse(const char *text, struct command_line *result,
                        void (*unknown)(const char *word, size_t bytes))
{
    *result = (struct command_line){ .panic = PANIC_UNSAID };
    const char *rest = text;
    for (struct word word = next_word(&rest); word.bytes > 0; word = next_word(&rest)) {
        if (!take_word(word, result))
            unknown(word.text, word.bytes);
    }
}
