/* SPDX-License-Identifier: MIT
 *
 * What a replay ROM is told: the recorded answers, as the table that lies behind
 * its code. Little-endian, shared with NASM (tools/replay/constants.c).
 */
#pragma once

#include "base/compiler.h"
#include "boot/boot_info.h"
#include "stage2/real/answers.h"
#include "tools/replay/record.h"

#define REPLAY_E820_OVER 0xFFFF /* e820_after: carry */

struct replay_table {
    struct record_entry entry;
    uint16_t ip, cs; /* where stage 1 is entered, a far pointer */
    struct record_answer a20_on, edd_check, edd_parameters, geometry, e801, extended;
    uint16_t low_kib, ebda_segment;
    uint16_t heads;
    uint16_t parameters_bytes;
    uint16_t e820_count;
    uint16_t e820_after; /* the answer behind the last one, or REPLAY_E820_OVER */
    uint32_t e820_asked; /* more bytes are refused */
    uint8_t drive;
    uint8_t edd_reads; /* AH=42h works */
    uint8_t has_parameters, has_geometry, has_a20_on;
    uint8_t track_sectors; /* 0: AH=02h is the real BIOS's */
    uint8_t a20_closed;    /* ... before stage 1 */
    uint8_t a20_opens;     /* AX=2401h really does it */
    uint8_t parameters[RECORD_PARAMETERS_MAX];
    struct boot_e820_answer e820[MEMORY_ANSWERS_MAX];
};

ASSERT_SIZE(struct record_entry, 26);
ASSERT_SIZE(struct record_answer, 14);
ASSERT_OFFSET(struct replay_table, parameters, 140);
ASSERT_OFFSET(struct replay_table, e820, 272);
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "the table is written as it is in memory");

/* Fill the table from a record that record_read has taken. */
void replay_table_fill(const struct record *record, struct replay_table *table);

/* Bytes of a table, without the E820 answers that are not there. */
size_t replay_table_bytes(const struct replay_table *table);
