/* SPDX-License-Identifier: MIT
 *
 * A firmware record, version 1, found in a log and checked: what one boot asked
 * the BIOS and what it answered (docs/firmware-record.md). Opens no file; what
 * is not a sound record is refused with the line and the reason.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "boot/boot_info.h"
#include "stage2/real/answers.h"

#define RECORD_VERSION        1
#define RECORD_PARAMETERS_MAX 128 /* bytes of AH=48h's buffer; EDD 4.0 fills 74 */
#define RECORD_WORD_BYTES     32  /* of what a message quotes */

/* X(name, sentence) */
#define RECORD_STATUS_LIST(X)                                                                      \
    X(RECORD_OK, "a sound record")                                                                 \
    X(RECORD_E_NONE, "no record in it: no line starts with 'record 1'")                            \
    X(RECORD_E_VERSION, "a record of another version; this reader knows version 1")                \
    X(RECORD_E_UNENDED, "the record is cut off: it has no line 'end'")                             \
    X(RECORD_E_SUM, "the lines do not add up to the sum at the end: one is damaged or missing")    \
    X(RECORD_E_LINE, "no line of a record starts so")                                              \
    X(RECORD_E_LINE_TWICE, "such a line was there before")                                         \
    X(RECORD_E_LINE_MISSING, "the record has no such line")                                        \
    X(RECORD_E_KEY, "this line has no such key")                                                   \
    X(RECORD_E_KEY_TWICE, "the key was there before")                                              \
    X(RECORD_E_KEY_MISSING, "the line lacks a key")                                                \
    X(RECORD_E_NUMBER, "not a number that fits: hexadecimal digits, lower case, are wanted")       \
    X(RECORD_E_VALUE, "a value that means nothing here")                                           \
    X(RECORD_E_BYTES, "not a run of whole bytes that goes on where the line before ended")         \
    X(RECORD_E_E820_FULL, "more than the 256 int15-e820 lines that a boot keeps")                  \
    X(RECORD_E_E820_NONE, "a list that has an end, but no int15-e820 line")                        \
    X(RECORD_E_ENTRY, "code segment from where 7C00h cannot be reached")                           \
    X(RECORD_E_GEOMETRY, "the disk was read by CHS, but int13-08 gives no geometry")

enum record_status {
#define RECORD_STATUS_ENUM(name, text) name,
    RECORD_STATUS_LIST(RECORD_STATUS_ENUM)
#undef RECORD_STATUS_ENUM
};

/* The lines of a record; those with a '*' may come several times. */
enum record_line {
    RECORD_LINE_RECORD,
    RECORD_LINE_ENTRY, /* * */
    RECORD_LINE_A20,
    RECORD_LINE_A20_ON,
    RECORD_LINE_EDD_CHECK,
    RECORD_LINE_EDD_PARAMETERS,
    RECORD_LINE_EDD_BYTES, /* * */
    RECORD_LINE_GEOMETRY,
    RECORD_LINE_LOW,
    RECORD_LINE_EBDA,
    RECORD_LINE_E801,
    RECORD_LINE_EXTENDED,
    RECORD_LINE_E820, /* * */
    RECORD_LINE_E820_END,
    RECORD_LINE_DISK,
    RECORD_LINE_STEP, /* * */
    RECORD_LINE_END,
    RECORD_LINES
};

/* Registers after a BIOS call, as far as the line has them; the others are 0. */
struct record_answer {
    uint16_t ax, bx, cx, dx, es, di, flags;
};

/* Registers at stage 1's first instruction; one that was not kept is 0. */
struct record_entry {
    uint16_t ax, bx, cx, dx, si, di, bp, cs, ds, es, ss, sp, flags;
};

enum record_by {
    RECORD_BY_EDD,
    RECORD_BY_CHS,
};

struct record {
    uint32_t lines;      /* bit 1 << enum record_line: such a line is there */
    uint64_t entry_keys; /* not 0: which registers the entry lines have, for lines.c alone */
    uint32_t stage2_build, kernel_build;
    struct record_entry entry;
    uint8_t a20_method;          /* enum boot_a20_method */
    struct record_answer a20_on; /* INT 15h AX=2401h */
    struct record_answer edd_check, edd_parameters, geometry;
    uint16_t parameters_bytes;
    uint8_t parameters[RECORD_PARAMETERS_MAX];
    uint16_t low_kib, ebda_segment;
    struct record_answer e801, extended;
    uint16_t e820_count;
    uint8_t e820_end;   /* enum boot_e820_end */
    uint8_t e820_asked; /* E820_BYTES or E820_BYTES_EXTENDED */
    struct boot_e820_answer e820[MEMORY_ANSWERS_MAX];
    uint8_t drive;
    uint8_t by;   /* enum record_by */
    uint8_t copy; /* 0: A, 1: B */
};

/* What is wrong, and where. */
struct record_problem {
    enum record_status status;
    unsigned line;                /* counted from 1; 0: the log as a whole */
    char word[RECORD_WORD_BYTES]; /* the word that is meant; may be empty */
};

/* The sentence of a status. */
const char *record_reason(enum record_status status);

static inline bool record_has(const struct record *record, enum record_line line)
{
    return record->lines >> line & 1;
}

/*
 * Find the first record in a log and read it. False: *problem says why; *record
 * is undefined then. Nothing in the text is trusted; it need not end in a zero.
 */
MUST_CHECK bool record_read(const char *text, size_t bytes, struct record *record,
                            struct record_problem *problem);
