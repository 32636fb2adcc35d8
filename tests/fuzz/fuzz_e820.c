/* SPDX-License-Identifier: MIT
 *
 * Any bytes as answers of a BIOS, judged, and held against the oracle. The
 * input is a head of HEAD_BYTES and then records of RECORD_BYTES each:
 *
 *   head    0 table capacity   1 e820_end   2 E801 AX BX CX DX FLAGS
 *           12 88h AX FLAGS    16 INT 12h AX   18 EBDA segment, 16 bits each
 *   record  0 base   8 length   16 type   17 bits, see answer_from
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "hw/bios.h"
#include "tests/fuzz/e820_oracle.h"

#define HEAD_BYTES   20
#define RECORD_BYTES 18
#define RECORDS_MAX  24 /* enough to meet in; more only costs time */

#define BIT_EXTENDED    0x01 /* 24 bytes came back */
#define BIT_NO_MAGIC    0x02 /* and no 'SMAP', if all the bits of it are set */
#define BIT_CARRY       0x0C
#define BITS_ATTRIBUTES 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void answer_from(const uint8_t *record, struct boot_e820_answer *answer)
{
    const uint8_t bits = record[17];
    answer->base = load_le64(record);
    answer->length = load_le64(record + 8);
    answer->type = record[16];
    answer->attributes = bits >> BITS_ATTRIBUTES;
    answer->returned_bytes = (bits & BIT_EXTENDED) != 0 ? E820_BYTES_EXTENDED : E820_BYTES;
    answer->returned_eax = (bits & BIT_NO_MAGIC) != 0 && bits == UINT8_MAX ? 0 : E820_SIGNATURE;
    answer->flags = (bits & BIT_CARRY) == BIT_CARRY ? 1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct memory_answers answers;
    if (bytes < HEAD_BYTES)
        return 0;
    memset(&answers, 0, sizeof(answers));
    answers.e820_end = data[1];
    answers.e801_ax = load_le16(data + 2);
    answers.e801_bx = load_le16(data + 4);
    answers.e801_cx = load_le16(data + 6);
    answers.e801_dx = load_le16(data + 8);
    answers.e801_flags = load_le16(data + 10);
    answers.int88_ax = load_le16(data + 12);
    answers.int88_flags = load_le16(data + 14);
    answers.int12_ax = load_le16(data + 16);
    answers.ebda_segment = load_le16(data + 18);
    for (size_t at = HEAD_BYTES; bytes - at >= RECORD_BYTES && answers.e820_count < RECORDS_MAX;
         at += RECORD_BYTES)
        answer_from(data + at, &answers.e820[answers.e820_count++]);

    const char *const wrong = e820_oracle_check(&answers, data[0], bytes);
    if (wrong != NULL) {
        fprintf(stderr, "not true that %s\n", wrong);
        abort();
    }
    return 0;
}
