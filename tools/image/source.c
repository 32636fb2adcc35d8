/* SPDX-License-Identifier: MIT
 *
 * See source.h.
 */
#include "tools/image/source.h"

#include "stage2/plan/detail.h"
#include "tools/image/report.h"

#define PIECE_BYTES 0x10000

bool source_read(const struct source *source, uint64_t offset, uint64_t bytes, void *to,
                 struct check_report *report)
{
    const enum boot_status status = source->read(source, offset, bytes, to);
    return status == BOOT_OK || source->refuse(source, status, report);
}

/* The checksum of all bytes, which are read in order. */
static bool source_crc32c(const struct source *source, uint32_t *crc, struct check_report *report)
{
    struct crc32c_tables tables;
    uint8_t piece[PIECE_BYTES];

    crc32c_tables_fill(&tables);
    *crc = 0;
    for (uint64_t at = 0; at < source->bytes;) {
        const uint64_t left = source->bytes - at;
        const uint64_t bytes = left < PIECE_BYTES ? left : PIECE_BYTES;
        if (!source_read(source, at, bytes, piece, report))
            return false;
        *crc = crc32c_update(&tables, *crc, piece, (size_t)bytes);
        at += bytes;
    }
    return true;
}

bool source_finish(const struct source *source, struct check_report *report)
{
    const struct config_checksum *const checksum = source->checksum;
    uint32_t crc;

    if (checksum == NULL)
        return true;
    if (!source_crc32c(source, &crc, report))
        return false;
    if (crc == checksum->crc32c)
        return true;
    return report_refuse(report, BOOT_E_CRC, DETAIL_CRC, source->path, crc, checksum->line,
                         checksum->crc32c);
}

bool source_read_all(const struct source *source, struct check_report *report)
{
    uint32_t crc;
    return source_crc32c(source, &crc, report);
}
