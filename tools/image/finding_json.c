/* SPDX-License-Identifier: MIT
 *
 * A finding as JSON for programs. Addresses are hex strings: not every reader of JSON has
 * 64 bits.
 */
#include <stdio.h>

#include "hw/elf64.h"
#include "tools/image/finding.h"
#include "tools/image/json.h"

#define ADDRESS_DIGITS 16
#define WORD_DIGITS    8

static void tell_segment(const struct elf64_plan *plan, unsigned index, struct json *json)
{
    const struct elf64_segment *const segment = &plan->segments[index];
    const char permissions[] = { segment->flags & ELF_PF_R ? 'r' : '-',
                                 segment->flags & ELF_PF_W ? 'w' : '-',
                                 segment->flags & ELF_PF_X ? 'x' : '-', '\0' };

    json_open(json, NULL, '{');
    json_number(json, "program_header", segment->header);
    json_hex(json, "address", segment->virt + plan->slide, ADDRESS_DIGITS);
    json_text(json, "permissions", permissions);
    json_number(json, "file_bytes", segment->file_bytes);
    json_number(json, "memory_bytes", segment->memory_bytes);
    json_close(json, '{');
}

static void tell_kernel(const struct kernel_facts *kernel, struct json *json)
{
    const struct elf64_plan *const plan = &kernel->plan;

    json_open(json, "kernel", '{');
    json_number(json, "bytes", kernel->file_bytes);
    json_text(json, "type", plan->is_dynamic ? "ET_DYN" : "ET_EXEC");
    json_hex(json, "entry", plan->entry + plan->slide, ADDRESS_DIGITS);
    json_hex(json, "slide", plan->slide, ADDRESS_DIGITS);
    json_bool(json, "relocated", plan->dynamic_bytes != 0);
    json_number(json, "memory_bytes", kernel->memory_bytes);
    json_open(json, "segments", '[');
    for (unsigned i = 0; i < plan->segment_count; i++)
        tell_segment(plan, i, json);
    json_close(json, '[');
    json_close(json, '{');
}

static void tell_loader(const struct loader_facts *loader, struct json *json)
{
    json_open(json, "loader", '{');
    json_number(json, "sectors", loader->parameters.sectors);
    json_bool(json, "copies_equal", loader->copies_equal);
    json_open(json, "copies", '[');
    for (unsigned i = 0; i < LOADER_COPIES; i++) {
        const struct loader_copy *const copy = &loader->copies[i];
        json_open(json, NULL, '{');
        json_number(json, "first", loader->parameters.copy_lba[i]);
        json_bool(json, "whole", copy->is_there && copy->is_whole);
        json_bool(json, "paired", copy->is_paired);
        json_hex(json, "build_id", copy->build_id, WORD_DIGITS);
        json_close(json, '{');
    }
    json_close(json, '[');
    json_close(json, '{');
}

static void tell_config(const struct disk_facts *disk, struct json *json)
{
    const struct config *const config = &disk->config;

    json_open(json, "config", '{');
    json_text(json, "kernel", config->kernel);
    json_text(json, "cmdline", config->command_line);
    json_open(json, "modules", '[');
    for (unsigned i = 0; i < config->module_count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "path", config->modules[i].path);
        json_text(json, "name", config->modules[i].name);
        if (disk->reached == DISK_ALL)
            json_number(json, "bytes", disk->module_bytes[i]);
        json_close(json, '{');
    }
    json_close(json, '[');
    json_open(json, "checksums", '[');
    for (unsigned i = 0; i < config->checksum_count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "path", config->checksums[i].path);
        json_hex(json, "crc32c", config->checksums[i].crc32c, WORD_DIGITS);
        json_close(json, '{');
    }
    json_close(json, '[');
    json_close(json, '{');
}

static void tell_disk(const struct finding *finding, struct json *json)
{
    const struct disk_facts *const disk = &finding->disk;

    tell_loader(&finding->loader, json);
    if (disk->reached >= DISK_PARTITION) {
        json_open(json, "partition", '{');
        json_number(json, "index", disk->partition.index);
        json_number(json, "type", disk->partition.type);
        json_number(json, "first", disk->partition.first_lba);
        json_number(json, "sectors", disk->partition.sectors);
        json_close(json, '{');
    }
    if (disk->reached >= DISK_VOLUME) {
        json_number(json, "fat", disk->fat_kind);
        json_number(json, "cluster_bytes", disk->cluster_bytes);
    }
    if (disk->reached >= DISK_CONFIG)
        tell_config(disk, json);
}

void finding_tell_json(const struct finding *finding)
{
    struct json json = { .to = stdout };

    json_open(&json, NULL, '{');
    json_text(&json, "path", finding->path);
    json_text(&json, "kind", finding->is_disk ? "disk" : "kernel");
    json_number(&json, "bytes", finding->bytes);
    json_bool(&json, "boots", finding->boots);
    if (!finding->boots) {
        json_text(&json, "error", finding->line);
        json_text(&json, "advice", finding->advice);
    }
    if (finding->is_disk)
        tell_disk(finding, &json);
    if (finding_has_kernel(finding))
        tell_kernel(&finding->disk.kernel, &json);
    if (finding->disk.reached == DISK_ALL)
        json_number(&json, "memory_bytes", finding->disk.memory_bytes);
    json_close(&json, '{');
}
