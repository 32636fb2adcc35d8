/* SPDX-License-Identifier: MIT
 *
 * seal: make the two assembled stages bootable together: patch stage 1's
 * parameters, pad stage 2 to whole sectors, fill in its header. Writes both files
 * or, when one of them is not fit, neither.
 *
 *   seal STAGE1_RAW STAGE2_RAW -o STAGE1_BIN STAGE2_BIN
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/seal/file.h"
#include "tools/seal/seal.h"

#define STATUS_MISUSED 2

enum argument {
    ARGUMENT_PROGRAM,
    ARGUMENT_STAGE1_RAW,
    ARGUMENT_STAGE2_RAW,
    ARGUMENT_OUTPUT_OPTION,
    ARGUMENT_STAGE1_BIN,
    ARGUMENT_STAGE2_BIN,
    ARGUMENTS
};

int main(int count, char **arguments)
{
    /* Static: zeros behind what is read, as seal_stage2 wants them. */
    static uint8_t stage1[SECTOR_BYTES + 1];
    static uint8_t stage2[STAGE2_MAX_SECTORS * SECTOR_BYTES + 1];

    if (count != ARGUMENTS || strcmp(arguments[ARGUMENT_OUTPUT_OPTION], "-o") != 0) {
        fputs("usage: seal STAGE1_RAW STAGE2_RAW -o STAGE1_BIN STAGE2_BIN\n", stderr);
        return STATUS_MISUSED;
    }

    const char *const path1 = arguments[ARGUMENT_STAGE1_RAW];
    const char *const path2 = arguments[ARGUMENT_STAGE2_RAW];
    const size_t stage1_raw = file_read(path1, stage1, SECTOR_BYTES);
    const size_t stage2_raw = file_read(path2, stage2, sizeof(stage2) - 1);
    const size_t stage2_bytes = seal_whole_sectors(stage2_raw);

    /* Stage 1 is told how long stage 2 is, and stage 2 what stage 1 is then. */
    enum seal_status status =
        seal_stage1(stage1, stage1_raw, (uint16_t)(stage2_bytes / SECTOR_BYTES));
    if (status != SEAL_OK)
        file_fail(path1, seal_reason(status));
    status = seal_stage2(stage2, stage2_raw, stage1);
    if (status != SEAL_OK)
        file_fail(path2, seal_reason(status));

    file_write(arguments[ARGUMENT_STAGE2_BIN], stage2, stage2_bytes);
    file_write(arguments[ARGUMENT_STAGE1_BIN], stage1, SECTOR_BYTES);
    return EXIT_SUCCESS;
}
