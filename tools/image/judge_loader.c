/* SPDX-License-Identifier: MIT
 *
 * See judge_loader.h.
 */
#include "tools/image/judge_loader.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "boot/stage2_header.h"
#include "kernel/core/fletcher64.h"
#include "kernel/core/mbr_code.h"
#include "stage2/plan/detail.h"
#include "tools/image/report.h"

#define WORD_BYTES  sizeof(uint32_t)
#define COPY_BYTES  ((size_t)STAGE2_MAX_SECTORS * SECTOR_BYTES)
#define MAGIC_BYTES sizeof(((struct stage2_header *)NULL)->magic)

PRINTF_LIKE(2, 3)
static bool refuse(struct loader_facts *facts, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(facts->problem, sizeof(facts->problem), format, arguments);
    va_end(arguments);
    return false;
}

/* Stage 1 has room for the code and the BIOS's status only; the sentence is the list's. */
static bool refuse_stage1(struct loader_facts *facts, unsigned code)
{
    const char *sentence = "";

#define SENTENCE(letter, name, text)                                                               \
    if (code == (name))                                                                            \
        sentence = text;
    STAGE1_ERROR_LIST(SENTENCE)
#undef SENTENCE
    return refuse(facts, "error %02X: %s", code, sentence);
}

static bool device_read(const struct blockdev *device, uint64_t lba, uint32_t count, void *to)
{
    return lba < device->sectors && count <= device->sectors - lba &&
           device->read(device->context, lba, count, to) == BOOT_OK;
}

static void parameters_read(const uint8_t *sector, struct stage1_parameters *parameters)
{
    const uint8_t *const at = sector + STAGE1_PARAMETERS_OFFSET;

    parameters->copy_lba[0] = load_le16(at);
    parameters->copy_lba[1] = load_le16(at + sizeof(uint16_t));
    parameters->sectors = load_le16(at + offsetof(struct stage1_parameters, sectors));
}

/* Could stage 1 read copies at these places? */
static bool parameters_are_sane(const struct stage1_parameters *parameters)
{
    if (parameters->sectors == 0 || parameters->sectors > STAGE2_MAX_SECTORS)
        return false;
    for (unsigned i = 0; i < LOADER_COPIES; i++) {
        if (parameters->copy_lba[i] == 0 ||
            parameters->copy_lba[i] + parameters->sectors > BOOT_PARTITION_LBA)
            return false;
    }
    return true;
}

/* One copy, as stage 1 and then stage 2 itself look at it. */
static void copy_judge(const uint8_t *sector, const uint8_t *bytes, size_t count,
                       struct loader_copy *copy)
{
    const struct fletcher64 code = mbr_code_sums(sector);
    const uint8_t *const sealed_with = bytes + offsetof(struct stage2_header, mbr_code);
    struct fletcher64 sums = FLETCHER64_START;

    fletcher64_update(&sums, bytes, count / WORD_BYTES);
    copy->is_there =
        load_le32(bytes) == STAGE2_MAGIC_0 && load_le32(bytes + WORD_BYTES) == STAGE2_MAGIC_1;
    copy->is_whole = sums.sum == FLETCHER64_BALANCED && sums.sum_of_sums == FLETCHER64_BALANCED;
    copy->is_paired = load_le32(sealed_with) == code.sum &&
                      load_le32(sealed_with + WORD_BYTES) == code.sum_of_sums;
    copy->build_id = load_le32(bytes + offsetof(struct stage2_header, build_id));
}

/* The first whole copy is the one that runs, and it asks for its stage 1 (E27). */
static bool pair_judge(const uint8_t *sector, const uint8_t *bytes, struct loader_facts *facts,
                       unsigned runs)
{
    const struct fletcher64 sums = mbr_code_sums(sector);
    const uint8_t *const sealed_with = bytes + offsetof(struct stage2_header, mbr_code);
    struct check_report report;

    if (facts->copies[runs].is_paired)
        return true;
    (void)report_refuse(&report, BOOT_E_STAGE1, DETAIL_STAGE1, BOOT_DRIVE, sums.sum,
                        sums.sum_of_sums, load_le32(sealed_with),
                        load_le32(sealed_with + WORD_BYTES));
    facts->status = report.status;
    check_line(&report, facts->problem, sizeof(facts->problem));
    return false;
}

static bool copies_judge(const struct blockdev *device, const uint8_t *sector,
                         struct loader_facts *facts)
{
    static uint8_t bytes[LOADER_COPIES][COPY_BYTES];
    const size_t count = (size_t)facts->parameters.sectors * SECTOR_BYTES;
    bool read[LOADER_COPIES];

    for (unsigned i = 0; i < LOADER_COPIES; i++) {
        read[i] =
            device_read(device, facts->parameters.copy_lba[i], facts->parameters.sectors, bytes[i]);
        if (read[i])
            copy_judge(sector, bytes[i], count, &facts->copies[i]);
    }
    if (!read[0] && !read[1])
        return refuse_stage1(facts, STAGE1_E_DISK);
    facts->copies_equal = read[0] && read[1] && memcmp(bytes[0], bytes[1], count) == 0;
    if (!facts->copies[0].is_there && !facts->copies[1].is_there)
        return refuse(facts, "no Coldstart loader is here: no stage 2 lies where sector 0 says");
    if (!facts->copies[0].is_whole && !facts->copies[1].is_whole)
        return refuse_stage1(facts, STAGE1_E_CHECKSUM);
    const unsigned runs = facts->copies[0].is_whole ? 0 : 1;
    return pair_judge(sector, bytes[runs], facts, runs);
}

bool loader_judge(const struct blockdev *device, struct loader_facts *facts)
{
    uint8_t sector[SECTOR_BYTES];

    memset(facts, 0, sizeof(*facts));
    if (!device_read(device, 0, 1, sector))
        return refuse(facts, "sector 0 cannot be read");
    parameters_read(sector, &facts->parameters);
    if (!parameters_are_sane(&facts->parameters))
        return refuse(facts, "no Coldstart loader is here: sector 0 is other code");
    return copies_judge(device, sector, facts);
}
