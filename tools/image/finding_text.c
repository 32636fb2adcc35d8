/* SPDX-License-Identifier: MIT
 *
 * A finding as text for people.
 */
#include <inttypes.h>
#include <stdio.h>

#include "hw/elf64.h"
#include "tools/image/finding.h"

#define KIB 1024

/* A fact: its name in a column of its own. */
#define FACT "  %-14s"

/* What its note asks of the machine: only that machine can tell. */
static void tell_needs(const struct boot_requirements *needs)
{
    if (needs->version == 0 && needs->memory_kib == 0 && needs->features == 0)
        return;
    printf(FACT "boot protocol %" PRIu32 ", %" PRIu64 " KiB of memory, features %" PRIX64 "h\n",
           "asks for", needs->version, needs->memory_kib, needs->features);
}

static void tell_kernel(const struct kernel_facts *kernel)
{
    const struct elf64_plan *const plan = &kernel->plan;

    printf(FACT "%s, %" PRIu64 " bytes, entry %" PRIX64 "h\n", "kernel",
           plan->is_dynamic ? "ET_DYN" : "ET_EXEC", kernel->file_bytes, plan->entry + plan->slide);
    if (plan->is_dynamic)
        printf(FACT "%" PRIX64 "h is added to every address: it runs from %" PRIX64 "h on\n", "",
               plan->slide, plan->pages.first + plan->slide);
    for (unsigned i = 0; i < plan->segment_count; i++) {
        const struct elf64_segment *const segment = &plan->segments[i];
        printf(FACT "%016" PRIX64 "h  %c%c%c  %" PRIu64 " bytes of the file, %" PRIu64
                    " in memory\n",
               i == 0 ? "segments" : "", segment->virt + plan->slide,
               segment->flags & ELF_PF_R ? 'r' : '-', segment->flags & ELF_PF_W ? 'w' : '-',
               segment->flags & ELF_PF_X ? 'x' : '-', segment->file_bytes, segment->memory_bytes);
    }
    printf(FACT "%s\n", "relocations",
           plan->dynamic_bytes != 0 ? "all are ones the loader does" : "none");
    printf(FACT "%" PRIu64 " KiB\n", "memory", kernel->memory_bytes / KIB);
    tell_needs(&kernel->needs);
}

static const char *copy_state(const struct loader_copy *copy)
{
    if (!copy->is_there)
        return "no stage 2";
    if (!copy->is_whole)
        return "damaged";
    return copy->is_paired ? "whole" : "whole, but sealed with another stage 1";
}

static void tell_loader(const struct loader_facts *loader)
{
    static const char names[LOADER_COPIES] = { 'A', 'B' };

    for (unsigned i = 0; i < LOADER_COPIES; i++)
        printf(FACT "copy %c at sector %u, %u sectors: %s, build %08" PRIx32 "\n",
               i == 0 ? "loader" : "", names[i], loader->parameters.copy_lba[i],
               loader->parameters.sectors, copy_state(&loader->copies[i]),
               loader->copies[i].build_id);
    if (!loader->copies_equal)
        printf(FACT "the copies differ\n", "warning");
}

static void tell_config(const struct disk_facts *disk)
{
    const struct config *const config = &disk->config;

    printf(FACT "kernel = %s\n", "coldstart.cfg", config->kernel);
    if (config->command_line_line != 0)
        printf(FACT "cmdline = %s\n", "", config->command_line);
    if (config->video.kind == CONFIG_VIDEO_FRAMEBUFFER)
        printf(FACT "video = %ux%ux%u\n", "", config->video.width, config->video.height,
               config->video.bits);
    for (unsigned i = 0; i < config->module_count; i++)
        printf(FACT "module = %s %s\n", "", config->modules[i].path, config->modules[i].name);
    for (unsigned i = 0; i < config->checksum_count; i++)
        printf(FACT "crc32c = %s %08" PRIx32 "\n", "", config->checksums[i].path,
               config->checksums[i].crc32c);
}

static void tell_disk(const struct finding *finding)
{
    const struct disk_facts *const disk = &finding->disk;

    if (finding->loader.parameters.sectors != 0)
        tell_loader(&finding->loader);
    if (disk->reached >= DISK_PARTITION)
        printf(FACT "%u, type %02Xh, from sector %" PRIu64 ", %" PRIu64 " sectors\n", "partition",
               disk->partition.index, disk->partition.type, disk->partition.first_lba,
               disk->partition.sectors);
    if (disk->reached >= DISK_VOLUME)
        printf(FACT "FAT%u, clusters of %u bytes\n", "volume", disk->fat_kind, disk->cluster_bytes);
    if (disk->reached >= DISK_CONFIG)
        tell_config(disk);
}

void finding_tell(const struct finding *finding)
{
    const struct disk_facts *const disk = &finding->disk;

    if (finding->boots)
        printf("%s: the loader boots this %s\n", finding->path,
               finding->is_disk ? "disk" : "kernel");
    else
        printf("%s: would not boot\n  %s\n  What to do: %s\n", finding->path, finding->line,
               finding->advice);
    if (finding->is_disk)
        tell_disk(finding);
    if (finding_has_kernel(finding))
        tell_kernel(&disk->kernel);
    for (unsigned i = 0; disk->reached == DISK_ALL && i < disk->config.module_count; i++)
        printf(FACT "%s, %" PRIu64 " bytes\n", "module", disk->config.modules[i].path,
               disk->module_bytes[i]);
    if (disk->reached == DISK_ALL)
        printf(FACT "%" PRIu64 " KiB with the modules\n", "", disk->memory_bytes / KIB);
}
