/* SPDX-License-Identifier: MIT
 *
 * A finding as JSON for programs. Addresses are hex strings: not every reader of JSON has
 * 64 bits.
 */

#include "hw/elf64.h"
#include "tools/disk/json.h"
#include "tools/image/finding.h"

#define ADDRESS_DIGITS 16
#define WORD_DIGITS    8

static void tell_segment(const struct elf64_plan *plan, unsigned index)
{
    const struct elf64_segment *const segment = &plan->segments[index];
    const char permissions[] = { segment->flags & ELF_PF_R ? 'r' : '-',
                                 segment->flags & ELF_PF_W ? 'w' : '-',
                                 segment->flags & ELF_PF_X ? 'x' : '-', '\0' };

    json_open(NULL);
    json_number("program_header", segment->header);
    json_hex("address", segment->virt + plan->slide, ADDRESS_DIGITS);
    json_text("permissions", permissions);
    json_number("file_bytes", segment->file_bytes);
    json_number("memory_bytes", segment->memory_bytes);
    json_close();
}

static void tell_kernel(const struct kernel_facts *kernel)
{
    const struct elf64_plan *const plan = &kernel->plan;

    json_open("kernel");
    json_number("bytes", kernel->file_bytes);
    json_text("type", plan->is_dynamic ? "ET_DYN" : "ET_EXEC");
    json_hex("entry", plan->entry + plan->slide, ADDRESS_DIGITS);
    json_hex("slide", plan->slide, ADDRESS_DIGITS);
    json_truth("relocated", plan->dynamic_bytes != 0);
    json_number("memory_bytes", kernel->memory_bytes);
    json_open("needs");
    json_number("version", kernel->needs.version);
    json_number("memory_kib", kernel->needs.memory_kib);
    json_hex("features", kernel->needs.features, ADDRESS_DIGITS);
    json_close();
    json_open_list("segments");
    for (unsigned i = 0; i < plan->segment_count; i++)
        tell_segment(plan, i);
    json_close();
    json_close();
}

static void tell_loader(const struct loader_facts *loader)
{
    json_open("loader");
    json_number("sectors", loader->parameters.sectors);
    json_truth("copies_equal", loader->copies_equal);
    json_open_list("copies");
    for (unsigned i = 0; i < LOADER_COPIES; i++) {
        const struct loader_copy *const copy = &loader->copies[i];
        json_open(NULL);
        json_number("first", loader->parameters.copy_lba[i]);
        json_truth("whole", copy->is_there && copy->is_whole);
        json_truth("paired", copy->is_paired);
        json_hex("build_id", copy->build_id, WORD_DIGITS);
        json_close();
    }
    json_close();
    json_close();
}

static void tell_config(const struct disk_facts *disk)
{
    const struct config *const config = &disk->config;

    json_open("config");
    json_text("kernel", config->kernel);
    json_text("cmdline", config->command_line);
    json_open_list("modules");
    for (unsigned i = 0; i < config->module_count; i++) {
        json_open(NULL);
        json_text("path", config->modules[i].path);
        json_text("name", config->modules[i].name);
        if (disk->reached == DISK_ALL)
            json_number("bytes", disk->module_bytes[i]);
        json_close();
    }
    json_close();
    json_open_list("checksums");
    for (unsigned i = 0; i < config->checksum_count; i++) {
        json_open(NULL);
        json_text("path", config->checksums[i].path);
        json_hex("crc32c", config->checksums[i].crc32c, WORD_DIGITS);
        json_close();
    }
    json_close();
    json_close();
}

static void tell_disk(const struct finding *finding)
{
    const struct disk_facts *const disk = &finding->disk;

    tell_loader(&finding->loader);
    if (disk->reached >= DISK_PARTITION) {
        json_open("partition");
        json_number("index", disk->partition.index);
        json_number("type", disk->partition.type);
        json_number("first", disk->partition.first_lba);
        json_number("sectors", disk->partition.sectors);
        json_close();
    }
    if (disk->reached >= DISK_VOLUME) {
        json_number("fat", disk->fat_kind);
        json_number("cluster_bytes", disk->cluster_bytes);
    }
    if (disk->reached >= DISK_CONFIG)
        tell_config(disk);
}

void finding_tell_json(const struct finding *finding)
{
    json_open(NULL);
    json_text("path", finding->path);
    json_text("kind", finding->is_disk ? "disk" : "kernel");
    json_number("bytes", finding->bytes);
    json_truth("boots", finding->boots);
    if (!finding->boots) {
        json_text("error", finding->line);
        json_text("advice", finding->advice);
    }
    if (finding->is_disk)
        tell_disk(finding);
    if (finding_has_kernel(finding))
        tell_kernel(&finding->disk.kernel);
    if (finding->disk.reached == DISK_ALL)
        json_number("memory_bytes", finding->disk.memory_bytes);
    json_close();
}
