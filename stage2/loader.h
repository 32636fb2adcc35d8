/* SPDX-License-Identifier: MIT
 *
 * What the loader knows, and the steps by which it comes to know it. Each step
 * sets the members under its name, needs those above, and ends the boot with
 * its own sentence when it cannot.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"
#include "boot/boot_info.h"
#include "kernel/core/blockdev.h"
#include "kernel/core/crc32c_fold.h"
#include "kernel/core/elf64.h"
#include "kernel/core/fat.h"
#include "kernel/core/memory_map.h"
#include "kernel/core/page_table.h"
#include "stage2/plan/config.h"
#include "stage2/plan/disk.h"

struct loader {
    /* memory_judge */
    struct memory_map map;
    uint64_t usable_kib; /* before anything was taken */

    /* volume_find */
    struct disk disk;
    struct blockdev device;
    struct fat_volume volume;

    /* file_open, when it must sum up the file; NULL before */
    struct crc32c_fold *fold;

    /* config_load; it stays where it is, the kernel reads strings in it */
    struct config *config;

    /* kernel_load */
    struct boot_requirements needs; /* all 0: it says none */
    struct elf64_plan kernel;
    uint64_t kernel_file_bytes;
    uint64_t kernel_phys[ELF64_MAX_SEGMENTS]; /* of each segment's page_virt */

    /* modules_load; config->module_count of them */
    struct boot_module modules[CONFIG_MAX_MODULES];

    /* video_choose */
    struct boot_video video;

    /* kernel_paging_build */
    struct page_table page_table;
    uint64_t direct_map_last;
    uint64_t table_pool_phys; /* pages for tables, taken but not used yet */
    uint64_t table_pool_bytes;
};

void memory_judge(struct loader *loader);
void volume_find(struct loader *loader);
void config_load(struct loader *loader);
void kernel_load(struct loader *loader);
void modules_load(struct loader *loader);
void video_choose(struct loader *loader);
void kernel_paging_build(struct loader *loader);
NORETURN void handoff(struct loader *loader);
