/* SPDX-License-Identifier: MIT
 *
 * See mbr_code.h.
 */
#include "kernel/core/mbr_code.h"

#include "kernel/core/string.h"

#define WORD_BYTES sizeof(uint32_t)

_Static_assert(MBR_CODE_END % WORD_BYTES == 0, "the code is whole words");

/*
 * Sum up the boot code of a sector 0. The BPB counts as zeros: a BIOS may have
 * written there (Q7), and stage 1 keeps its variables there. The signature and
 * the table behind the code are the disk's, and change when it is partitioned.
 */
struct fletcher64 mbr_code_sums(const uint8_t sector[SECTOR_BYTES])
{
    uint8_t code[MBR_CODE_END];
    struct fletcher64 sums = { 0 };

    memcpy(code, sector, sizeof(code));
    memset(code + MBR_BPB_OFFSET, 0, MBR_CODE_OFFSET - MBR_BPB_OFFSET);
    fletcher64_update(&sums, code, sizeof(code) / WORD_BYTES);
    return sums;
}
