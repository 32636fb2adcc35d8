/* SPDX-License-Identifier: MIT
 *
 * See mbr_code.h.
 */
#include "kernel/core/mbr_code.h"

#include "kernel/core/string.h"

#define WORD_BYTES sizeof(uint32_t)

_Static_assert(MBR_CODE_END % WORD_BYTES == 0, "the code is whole words");

/*
 * Sum up the boot code of a sector 0. What lies before it counts as zeros: the
 * jump and the name are the image builder's choice (Q10), and into the BPB a BIOS
 * may have written (Q7), and stage 1 puts its variables. The signature and the
 * table behind the code are the disk's, and change when it is partitioned.
 */
struct fletcher64 mbr_code_sums(const uint8_t sector[SECTOR_BYTES])
{
    uint8_t code[MBR_CODE_END];
    struct fletcher64 sums = FLETCHER64_START;

    memcpy(code, sector, sizeof(code));
    memset(code, 0, MBR_CODE_OFFSET);
    fletcher64_update(&sums, code, sizeof(code) / WORD_BYTES);
    return sums;
}
