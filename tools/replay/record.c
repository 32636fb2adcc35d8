/* SPDX-License-Identifier: MIT
 *
 * See record.h. Finds the record, adds its lines up, and looks at what they mean
 * together. First the lines, then the sum, then the meaning: so the message is
 * about the first thing that went wrong.
 */
#include "tools/replay/record.h"

#include <string.h>

#include "boot/low_memory.h"
#include "hw/bios.h"
#include "hw/edd.h"
#include "kernel/core/crc32c.h"
#include "tools/replay/lines.h"

#define SEGMENT_SHIFT 4

const char *record_reason(enum record_status status)
{
    switch (status) {
#define RECORD_STATUS_TEXT(name, text)                                                             \
    case name:                                                                                     \
        return text;
        RECORD_STATUS_LIST(RECORD_STATUS_TEXT)
#undef RECORD_STATUS_TEXT
    }
    return "unknown status";
}

/* A log, line by line. */
struct log {
    struct text rest;
    unsigned line; /* the number of the line that came last */
};

/* The next line without what a terminal may have put at its end; false: there is none. */
static bool log_next(struct log *log, struct text *line)
{
    if (log->rest.bytes == 0)
        return false;
    const char *const start = log->rest.start;
    const char *const end = memchr(start, '\n', log->rest.bytes);
    size_t bytes = end != NULL ? (size_t)(end - start) : log->rest.bytes;
    const size_t step = end != NULL ? bytes + 1 : bytes;
    log->rest = (struct text){ start + step, log->rest.bytes - step };
    log->line++;
    while (bytes != 0 && memchr(" \t\r", start[bytes - 1], 3) != NULL)
        bytes--;
    *line = (struct text){ start, bytes };
    return true;
}

static bool refuse(struct record_problem *problem, enum record_status status, unsigned line,
                   struct text word)
{
    const size_t bytes = word.bytes < RECORD_WORD_BYTES ? word.bytes : RECORD_WORD_BYTES - 1;

    *problem = (struct record_problem){ .status = status, .line = line };
    for (size_t i = 0; i < bytes; i++)
        problem->word[i] =
            (char)(word.start[i] >= ' ' && word.start[i] <= '~' ? word.start[i] : '?');
    return false;
}

static struct text text_of(const char *string)
{
    return (struct text){ string, strlen(string) };
}

/* Whether a line starts a record, and of which version. */
static bool is_record(struct text line, uint64_t *version)
{
    return text_is(text_word(&line), line_name(RECORD_LINE_RECORD)) &&
           text_number(text_word(&line), UINT32_MAX, version);
}

/* Go on to the first line of the first record of our version. */
static bool find_record(struct log *log, struct text *line, struct record_problem *problem)
{
    unsigned foreign = 0;
    uint64_t version;

    while (log_next(log, line)) {
        if (!is_record(*line, &version))
            continue;
        if (version == RECORD_VERSION)
            return true;
        if (foreign == 0)
            foreign = log->line;
    }
    return refuse(problem, foreign != 0 ? RECORD_E_VERSION : RECORD_E_NONE, foreign, text_of(""));
}

/* Lines that every record has; the others, when they mean something. */
static const enum record_line wanted[] = {
    RECORD_LINE_ENTRY,    RECORD_LINE_A20,      RECORD_LINE_EDD_CHECK,
    RECORD_LINE_LOW,      RECORD_LINE_EBDA,     RECORD_LINE_E801,
    RECORD_LINE_EXTENDED, RECORD_LINE_E820_END, RECORD_LINE_DISK,
};

/* The first line that is not there but should be; RECORD_LINES: none. */
static enum record_line line_missing(const struct record *record)
{
    for (size_t i = 0; i < ARRAY_COUNT(wanted); i++)
        if (!record_has(record, wanted[i]))
            return wanted[i];
    if (record->a20_method != BOOT_A20_WAS_ON && !record_has(record, RECORD_LINE_A20_ON))
        return RECORD_LINE_A20_ON;
    if (record->by == RECORD_BY_CHS && !record_has(record, RECORD_LINE_GEOMETRY))
        return RECORD_LINE_GEOMETRY;
    if (record_has(record, RECORD_LINE_EDD_BYTES) &&
        !record_has(record, RECORD_LINE_EDD_PARAMETERS))
        return RECORD_LINE_EDD_PARAMETERS;
    return RECORD_LINES;
}

/* What the values mean; *word is the line to blame. */
static enum record_status judge(const struct record *record, const char **word)
{
    *word = "a20";
    if (record->a20_method < BOOT_A20_WAS_ON || record->a20_method > BOOT_A20_KEYBOARD)
        return RECORD_E_VALUE;
    *word = "int15-e820-end";
    if (record->e820_end < BOOT_E820_END_ZERO || record->e820_end > BOOT_E820_END_UNSUPPORTED)
        return RECORD_E_VALUE;
    if (record->e820_asked != E820_BYTES && record->e820_asked != E820_BYTES_EXTENDED)
        return RECORD_E_VALUE;
    if ((record->e820_count == 0) != (record->e820_end == BOOT_E820_END_UNSUPPORTED))
        return RECORD_E_E820_NONE;
    *word = "entry";
    if (record->entry.cs > LOW_STAGE1 >> SEGMENT_SHIFT)
        return RECORD_E_ENTRY;
    *word = "int13-08";
    /* Its carry flag means little (Q24): by this geometry the disk was read. */
    if (record->by == RECORD_BY_CHS && (record->geometry.cx & CHS_SECTOR_MASK) == 0)
        return RECORD_E_GEOMETRY;
    return RECORD_OK;
}

static bool check(const struct record *record, unsigned line, struct record_problem *problem)
{
    const enum record_line missing = line_missing(record);
    if (missing != RECORD_LINES)
        return refuse(problem, RECORD_E_LINE_MISSING, line, text_of(line_name(missing)));
    const char *word;
    const enum record_status status = judge(record, &word);
    if (status != RECORD_OK)
        return refuse(problem, status, line, text_of(word));
    return true;
}

bool record_read(const char *text, size_t bytes, struct record *record,
                 struct record_problem *problem)
{
    struct log log = { { text, bytes }, 0 };
    struct text line, word;
    struct crc32c_tables tables;
    uint32_t sum = 0, running = 0;

    *record = (struct record){ 0 };
    crc32c_tables_fill(&tables);
    if (!find_record(&log, &line, problem))
        return false;
    const unsigned first = log.line;
    do {
        const enum record_status status = line_read(line, record, &sum, &word);
        if (status != RECORD_OK)
            return refuse(problem, status, log.line, word);
        if (record_has(record, RECORD_LINE_END)) {
            if (sum != running)
                return refuse(problem, RECORD_E_SUM, log.line, text_of(""));
            return check(record, first, problem);
        }
        running = crc32c_update(&tables, running, line.start, line.bytes);
        running = crc32c_update(&tables, running, "\n", 1);
    } while (log_next(&log, &line));
    return refuse(problem, RECORD_E_UNENDED, first, text_of(""));
}
