/* SPDX-License-Identifier: MIT
 *
 * The step modules_load: files the kernel wants beside itself, each in one
 * piece of memory on a page of its own. Their contents are not looked at.
 */
#include "hw/paging.h"
#include "kernel/core/string.h"
#include "stage2/bios/trace.h"
#include "stage2/file.h"
#include "stage2/memory.h"

static void load_one(struct loader *loader, const struct config_module *wanted,
                     struct boot_module *module)
{
    struct file_reader reader;

    file_open(loader, &(struct file_name){ wanted->path, wanted->line }, &reader);
    const uint64_t bytes = reader.file.bytes;
    /* An empty module has a page too: its address shall be one. */
    const uint64_t pages = (bytes / PAGE_BYTES + 1) * PAGE_BYTES;
    uint64_t phys;
    if (!memory_borrow(loader, pages, &phys))
        file_finish(&reader); /* if it is a damaged size, its checksum speaks first */
    phys = memory_take(loader, pages, BOOT_MEMORY_MODULE, wanted->path);
    uint8_t *const to = memory_at(phys);

    file_announce(&reader);
    file_read(&reader, 0, bytes, to);
    memset(to + bytes, 0, pages - bytes);
    file_finish(&reader);
    *module = (struct boot_module){
        .phys = phys,
        .bytes = bytes,
        .name_phys = (uintptr_t)wanted->name,
    };
}

/*
 * The step: every module of the configuration in memory. A byte of 0 follows
 * each, so a text file may be read as a string.
 *
 * E20, E3x  a file cannot be had    E13, E61  no room    E60  a wrong checksum
 */
void modules_load(struct loader *loader)
{
    trace_step(BOOT_STEP_MODULES, loader->config->module_count);
    for (unsigned i = 0; i < loader->config->module_count; i++)
        load_one(loader, &loader->config->modules[i], &loader->modules[i]);
}
