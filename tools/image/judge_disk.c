/* SPDX-License-Identifier: MIT
 *
 * See judge_disk.h.
 */
#include "tools/image/judge_disk.h"

#include <stdlib.h>
#include <string.h>

#include "hw/paging.h"
#include "stage2/plan/detail.h"
#include "tools/image/report.h"
#include "tools/image/volume_read.h"

/* The step config_load. */
static bool config_judge(struct volume_read *from, struct config *config,
                         struct check_report *report)
{
    char text[CONFIG_MAX_BYTES];
    struct config_problem problem;
    struct volume_file file;

    if (!volume_open(from, CONFIG_PATH, 0, NULL, &file, report))
        return false;
    if (file.source.bytes > CONFIG_MAX_BYTES)
        return report_refuse(report, BOOT_E_CONFIG_SIZE, DETAIL_CONFIG_SIZE, CONFIG_PATH,
                             file.file.bytes, CONFIG_MAX_BYTES);
    if (!source_read(&file.source, 0, file.source.bytes, text, report))
        return false;
    const enum boot_status status = config_parse(text, file.file.bytes, config, &problem);
    if (status == BOOT_OK)
        return true;
    if (problem.line == 0)
        return report_refuse(report, status, DETAIL_CONFIG, CONFIG_PATH);
    return report_refuse(report, status, DETAIL_CONFIG_LINE, CONFIG_PATH, problem.line,
                         problem.text);
}

static bool module_judge(struct volume_read *from, struct disk_facts *facts, unsigned index,
                         struct check_report *report)
{
    const struct config_module *const module = &facts->config.modules[index];
    struct check_report little;
    struct volume_file file;

    if (!volume_open(from, module->path, module->line, &facts->config, &file, report))
        return false;
    const uint64_t pages = (file.source.bytes / PAGE_BYTES + 1) * PAGE_BYTES;
    if (!memory_judge(&facts->memory_bytes, pages, module->path, &little)) {
        if (source_finish(&file.source, report))
            *report = little;
        return false;
    }
    facts->module_bytes[index] = file.source.bytes;
    return source_read_all(&file.source, report) && source_finish(&file.source, report);
}

static bool files_judge(struct volume_read *from, struct disk_facts *facts,
                        struct check_report *report)
{
    const struct config *const config = &facts->config;
    struct volume_file file;

    if (!config_judge(from, &facts->config, report))
        return false;
    facts->reached = DISK_CONFIG;
    if (!volume_open(from, config->kernel, config->kernel_line, config, &file, report) ||
        !kernel_judge(&file.source, &facts->kernel, report))
        return false;
    facts->reached = DISK_KERNEL;
    facts->memory_bytes = facts->kernel.memory_bytes;
    for (unsigned i = 0; i < config->module_count; i++) {
        if (!module_judge(from, facts, i, report))
            return false;
    }
    facts->reached = DISK_ALL;
    return report_fine(report);
}

static bool judge(struct volume_read *from, const struct blockdev *device, struct disk_facts *facts,
                  struct check_report *report)
{
    volume_begin(from, device);
    if (!volume_find_partition(from, &facts->partition, report))
        return false;
    facts->reached = DISK_PARTITION;
    if (!volume_mount(from, &facts->partition, report))
        return false;
    facts->reached = DISK_VOLUME;
    facts->fat_kind = from->volume.kind;
    facts->cluster_bytes = (uint32_t)SECTOR_BYTES << from->volume.cluster_shift;
    return files_judge(from, facts, report);
}

bool disk_judge(const struct blockdev *device, struct disk_facts *facts,
                struct check_report *report)
{
    struct volume_read *const from = malloc(sizeof(*from));

    memset(facts, 0, sizeof(*facts));
    if (from == NULL)
        abort();
    const bool good = judge(from, device, facts, report);
    free(from);
    return good;
}
