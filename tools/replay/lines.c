/* SPDX-License-Identifier: MIT
 *
 * See lines.h. Two tables say nearly all: which lines there are, and which keys
 * each has, with the kind and the place of the value.
 */
#include "tools/replay/lines.h"

#include <string.h>

#include "hw/bios.h"

#define HEX_DIGITS_PER_BYTE 2

static const struct {
    const char *name;
    bool several; /* the line may be repeated */
} names[RECORD_LINES] = {
    [RECORD_LINE_RECORD] = { "record", false },
    [RECORD_LINE_ENTRY] = { "entry", true },
    [RECORD_LINE_A20] = { "a20", false },
    [RECORD_LINE_A20_ON] = { "int15-2401", false },
    [RECORD_LINE_EDD_CHECK] = { "int13-41", false },
    [RECORD_LINE_EDD_PARAMETERS] = { "int13-48", false },
    [RECORD_LINE_EDD_BYTES] = { "int13-48", true },
    [RECORD_LINE_GEOMETRY] = { "int13-08", false },
    [RECORD_LINE_LOW] = { "int12", false },
    [RECORD_LINE_EBDA] = { "ebda", false },
    [RECORD_LINE_E801] = { "int15-e801", false },
    [RECORD_LINE_EXTENDED] = { "int15-88", false },
    [RECORD_LINE_E820] = { "int15-e820", true },
    [RECORD_LINE_E820_END] = { "int15-e820-end", false },
    [RECORD_LINE_DISK] = { "disk", false },
    [RECORD_LINE_STEP] = { "step", true },
    [RECORD_LINE_END] = { "end", false },
};

/* What kind a value is. The place of ANSWER is in the newest E820 answer, that of NUMBER and WORD
 * in the record; the others know theirs. */
enum kind {
    KIND_NUMBER,
    KIND_ANSWER,
    KIND_WORD,    /* one of `words`, told apart by their first letters */
    KIND_SKIPPED, /* a number that a replay does not need */
    KIND_SUM,
    KIND_BYTES_AT,
    KIND_BYTES,
};

#define FIELD(structure, field)                                                                    \
    .offset = offsetof(struct structure, field), .bytes = sizeof(((struct structure *)0)->field)
#define NUMBER(field) .kind = KIND_NUMBER, FIELD(record, field)
#define ANSWER(field) .kind = KIND_ANSWER, FIELD(boot_e820_answer, field)
#define SKIPPED(size) .kind = KIND_SKIPPED, .bytes = (size)
#define OPTIONAL      .optional = true

static const struct key {
    enum record_line line;
    const char *name;
    enum kind kind;
    uint16_t offset;
    uint8_t bytes;
    bool optional;
    const char *words;
} keys[] = {
    { RECORD_LINE_RECORD, "stage2", NUMBER(stage2_build) },
    { RECORD_LINE_RECORD, "kernel", NUMBER(kernel_build) },
    { RECORD_LINE_ENTRY, "ax", NUMBER(entry.ax), OPTIONAL },
    { RECORD_LINE_ENTRY, "bx", NUMBER(entry.bx), OPTIONAL },
    { RECORD_LINE_ENTRY, "cx", NUMBER(entry.cx), OPTIONAL },
    { RECORD_LINE_ENTRY, "dx", NUMBER(entry.dx), OPTIONAL },
    { RECORD_LINE_ENTRY, "si", NUMBER(entry.si), OPTIONAL },
    { RECORD_LINE_ENTRY, "di", NUMBER(entry.di), OPTIONAL },
    { RECORD_LINE_ENTRY, "bp", NUMBER(entry.bp), OPTIONAL },
    { RECORD_LINE_ENTRY, "cs", NUMBER(entry.cs), OPTIONAL },
    { RECORD_LINE_ENTRY, "ds", NUMBER(entry.ds), OPTIONAL },
    { RECORD_LINE_ENTRY, "es", NUMBER(entry.es), OPTIONAL },
    { RECORD_LINE_ENTRY, "ss", NUMBER(entry.ss), OPTIONAL },
    { RECORD_LINE_ENTRY, "sp", NUMBER(entry.sp), OPTIONAL },
    { RECORD_LINE_ENTRY, "flags", NUMBER(entry.flags), OPTIONAL },
    { RECORD_LINE_A20, "method", NUMBER(a20_method) },
    { RECORD_LINE_A20_ON, "ax", NUMBER(a20_on.ax) },
    { RECORD_LINE_A20_ON, "flags", NUMBER(a20_on.flags) },
    { RECORD_LINE_EDD_CHECK, "ax", NUMBER(edd_check.ax) },
    { RECORD_LINE_EDD_CHECK, "bx", NUMBER(edd_check.bx) },
    { RECORD_LINE_EDD_CHECK, "cx", NUMBER(edd_check.cx) },
    { RECORD_LINE_EDD_CHECK, "flags", NUMBER(edd_check.flags) },
    { RECORD_LINE_EDD_PARAMETERS, "ax", NUMBER(edd_parameters.ax) },
    { RECORD_LINE_EDD_PARAMETERS, "flags", NUMBER(edd_parameters.flags) },
    { RECORD_LINE_EDD_BYTES, "at", .kind = KIND_BYTES_AT },
    { RECORD_LINE_EDD_BYTES, "bytes", .kind = KIND_BYTES },
    { RECORD_LINE_GEOMETRY, "ax", NUMBER(geometry.ax) },
    { RECORD_LINE_GEOMETRY, "bx", NUMBER(geometry.bx) },
    { RECORD_LINE_GEOMETRY, "cx", NUMBER(geometry.cx) },
    { RECORD_LINE_GEOMETRY, "dx", NUMBER(geometry.dx) },
    { RECORD_LINE_GEOMETRY, "es", NUMBER(geometry.es) },
    { RECORD_LINE_GEOMETRY, "di", NUMBER(geometry.di) },
    { RECORD_LINE_GEOMETRY, "flags", NUMBER(geometry.flags) },
    { RECORD_LINE_LOW, "ax", NUMBER(low_kib) },
    { RECORD_LINE_EBDA, "segment", NUMBER(ebda_segment) },
    { RECORD_LINE_E801, "ax", NUMBER(e801.ax) },
    { RECORD_LINE_E801, "bx", NUMBER(e801.bx) },
    { RECORD_LINE_E801, "cx", NUMBER(e801.cx) },
    { RECORD_LINE_E801, "dx", NUMBER(e801.dx) },
    { RECORD_LINE_E801, "flags", NUMBER(e801.flags) },
    { RECORD_LINE_EXTENDED, "ax", NUMBER(extended.ax) },
    { RECORD_LINE_EXTENDED, "flags", NUMBER(extended.flags) },
    { RECORD_LINE_E820, "base", ANSWER(base) },
    { RECORD_LINE_E820, "length", ANSWER(length) },
    { RECORD_LINE_E820, "type", ANSWER(type) },
    { RECORD_LINE_E820, "attr", ANSWER(attributes) },
    { RECORD_LINE_E820, "ecx", ANSWER(returned_bytes) },
    { RECORD_LINE_E820, "ebx", ANSWER(continuation) },
    { RECORD_LINE_E820, "flags", ANSWER(flags) },
    { RECORD_LINE_E820, "eax", ANSWER(returned_eax), OPTIONAL },
    { RECORD_LINE_E820_END, "how", NUMBER(e820_end) },
    { RECORD_LINE_E820_END, "asked", NUMBER(e820_asked) },
    { RECORD_LINE_DISK, "drive", NUMBER(drive) },
    { RECORD_LINE_DISK, "by", .kind = KIND_WORD, FIELD(record, by), .words = "edd chs" },
    { RECORD_LINE_DISK, "copy", .kind = KIND_WORD, FIELD(record, copy), .words = "a b" },
    { RECORD_LINE_DISK, "reads", SKIPPED(sizeof(uint32_t)) },
    { RECORD_LINE_DISK, "retries", SKIPPED(sizeof(uint32_t)) },
    { RECORD_LINE_DISK, "stage1-retries", SKIPPED(sizeof(uint32_t)) },
    { RECORD_LINE_STEP, "number", SKIPPED(sizeof(uint32_t)) },
    { RECORD_LINE_STEP, "argument", SKIPPED(sizeof(uint32_t)) },
    { RECORD_LINE_STEP, "tsc", SKIPPED(sizeof(uint64_t)) },
    { RECORD_LINE_END, "sum", .kind = KIND_SUM },
};
_Static_assert(ARRAY_COUNT(keys) <= 64, "a set of them is one integer");

const char *line_name(enum record_line line)
{
    return names[line].name;
}

/* RECORD_LINES: no line starts so. AH=48h has two kinds of line, told apart by the first key. */
static enum record_line line_find(struct text name, struct text rest)
{
    enum record_line line = 0;

    while (line < RECORD_LINES && !text_is(name, names[line].name))
        line++;
    if (line == RECORD_LINE_EDD_PARAMETERS && rest.bytes >= 3 && memcmp(rest.start, "at=", 3) == 0)
        line = RECORD_LINE_EDD_BYTES;
    return line;
}

/* The index of a key; ARRAY_COUNT(keys): the line has no such key. */
static size_t key_find(enum record_line line, struct text name)
{
    size_t i = 0;

    while (i < ARRAY_COUNT(keys) && (keys[i].line != line || !text_is(name, keys[i].name)))
        i++;
    return i;
}

static enum record_status read_number(struct text text, void *place, size_t bytes)
{
    uint64_t value;

    if (!text_number(text, UINT64_MAX >> (64 - 8 * bytes), &value))
        return RECORD_E_NUMBER;
    if (place == NULL)
        return RECORD_OK;
    switch (bytes) {
    case sizeof(uint8_t):
        *(uint8_t *)place = (uint8_t)value;
        break;
    case sizeof(uint16_t):
        *(uint16_t *)place = (uint16_t)value;
        break;
    case sizeof(uint32_t):
        *(uint32_t *)place = (uint32_t)value;
        break;
    default:
        *(uint64_t *)place = value;
    }
    return RECORD_OK;
}

static enum record_status read_word(struct text text, const char *words, uint8_t *value)
{
    struct text rest = { words, strlen(words) };

    for (uint8_t i = 0; rest.bytes != 0; i++) {
        const struct text word = text_word(&rest);
        if (word.bytes == text.bytes && memcmp(word.start, text.start, text.bytes) == 0) {
            *value = i;
            return RECORD_OK;
        }
    }
    return RECORD_E_VALUE;
}

/* Bytes go on where those of the line before ended. */
static enum record_status read_bytes_at(struct text text, const struct record *record)
{
    uint64_t at;

    if (!text_number(text, RECORD_PARAMETERS_MAX, &at) || at != record->parameters_bytes)
        return RECORD_E_BYTES;
    return RECORD_OK;
}

static enum record_status read_bytes(struct text text, struct record *record)
{
    for (size_t i = 0; i < text.bytes; i += HEX_DIGITS_PER_BYTE) {
        const struct text digits = { text.start + i, HEX_DIGITS_PER_BYTE };
        uint64_t byte;
        if (text.bytes - i < HEX_DIGITS_PER_BYTE || !text_number(digits, UINT8_MAX, &byte) ||
            record->parameters_bytes == RECORD_PARAMETERS_MAX)
            return RECORD_E_BYTES;
        record->parameters[record->parameters_bytes++] = (uint8_t)byte;
    }
    return RECORD_OK;
}

static enum record_status value_read(const struct key *key, struct text text, struct record *record,
                                     uint32_t *sum)
{
    switch (key->kind) {
    case KIND_NUMBER:
        return read_number(text, (uint8_t *)record + key->offset, key->bytes);
    case KIND_ANSWER:
        return read_number(text, (uint8_t *)&record->e820[record->e820_count] + key->offset,
                           key->bytes);
    case KIND_WORD:
        return read_word(text, key->words, (uint8_t *)record + key->offset);
    case KIND_SKIPPED:
        return read_number(text, NULL, key->bytes);
    case KIND_SUM:
        return read_number(text, sum, sizeof(*sum));
    case KIND_BYTES_AT:
        return read_bytes_at(text, record);
    case KIND_BYTES:
        return read_bytes(text, record);
    }
    return RECORD_E_KEY;
}

/* The keys of a line that are not in `seen`, as far as it cannot do without; NULL: none. */
static const char *key_missing(enum record_line line, uint64_t seen)
{
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        if (keys[i].line == line && !keys[i].optional && !(seen >> i & 1))
            return keys[i].name;
    return NULL;
}

/* The words KEY=VALUE of a line. `seen` has those of the lines before, where it may be split. */
static enum record_status keys_read(enum record_line line, struct text rest, uint64_t *seen,
                                    struct record *record, uint32_t *sum, struct text *word)
{
    while (rest.bytes != 0) {
        *word = text_word(&rest);
        const char *const sign = memchr(word->start, '=', word->bytes);
        if (sign == NULL)
            return RECORD_E_KEY;
        const struct text name = { word->start, (size_t)(sign - word->start) };
        const struct text value = { sign + 1, word->bytes - name.bytes - 1 };
        const size_t index = key_find(line, name);
        if (index == ARRAY_COUNT(keys))
            return RECORD_E_KEY;
        if (*seen >> index & 1)
            return RECORD_E_KEY_TWICE;
        *seen |= UINT64_C(1) << index;
        const enum record_status status = value_read(&keys[index], value, record, sum);
        if (status != RECORD_OK)
            return status;
    }
    return RECORD_OK;
}

enum record_status line_read(struct text line, struct record *record, uint32_t *sum,
                             struct text *word)
{
    struct text rest = line;

    *word = text_word(&rest);
    const enum record_line kind = line_find(*word, rest);
    if (kind == RECORD_LINES)
        return RECORD_E_LINE;
    if (record_has(record, kind) && !names[kind].several)
        return RECORD_E_LINE_TWICE;
    if (kind == RECORD_LINE_RECORD)
        text_word(&rest); /* the version, which whoever found the record has looked at */
    if (kind == RECORD_LINE_E820) {
        if (record->e820_count == ARRAY_COUNT(record->e820))
            return RECORD_E_E820_FULL;
        record->e820[record->e820_count].returned_eax = E820_SIGNATURE;
    }

    uint64_t seen = kind == RECORD_LINE_ENTRY ? record->entry_keys : 0;
    const enum record_status status = keys_read(kind, rest, &seen, record, sum, word);
    if (status != RECORD_OK)
        return status;
    const char *const missing = key_missing(kind, seen);
    if (missing != NULL) {
        *word = (struct text){ missing, strlen(missing) };
        return RECORD_E_KEY_MISSING;
    }
    if (kind == RECORD_LINE_ENTRY)
        record->entry_keys = seen;
    record->e820_count += kind == RECORD_LINE_E820;
    record->lines |= 1U << kind;
    return RECORD_OK;
}
