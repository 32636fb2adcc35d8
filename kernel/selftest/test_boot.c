/* SPDX-License-Identifier: MIT
 *
 * Tests of the hand-off: what the loader told us must hold, and a damaged copy
 * of it must be refused.
 */
#include "boot/steps.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/boot/boot.h"
#include "kernel/boot/boot_check.h"
#include "kernel/boot/foreign.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"
#include "kernel/selftest/selftest.h"

SELFTEST(boot_info_accepted, "boot.info")
{
    const struct boot_info *info = boot_info_get();
    CLAIM(boot_check_info(info) == NULL);
    CLAIM(info->page_table_phys !=
          page_tables_current().root_phys); /* the kernel's own are loaded */
    CLAIM_EQUAL(info->kernel_slide, 0);
    CLAIM_EQUAL(info->kernel_entry, (uint64_t)kernel_text_first);
    CLAIM_EQUAL(info->build_id == 0, foreign_loader() != NULL);
}

SELFTEST(boot_info_refused, "boot.info-refused")
{
    struct boot_info damaged = *boot_info_get();
    damaged.magic++;
    CLAIM(boot_check_info(&damaged) != NULL);
    damaged = *boot_info_get();
    damaged.version++;
    CLAIM(boot_check_info(&damaged) != NULL);
    damaged = *boot_info_get();
    damaged.bytes--;
    CLAIM(boot_check_info(&damaged) != NULL);
    damaged = *boot_info_get();
    damaged.memory_count = UINT32_MAX;
    CLAIM(boot_check_info(&damaged) != NULL);
    damaged = *boot_info_get();
    damaged.trace_phys = damaged.direct_map_last;
    damaged.trace_count = 1;
    CLAIM(boot_check_info(&damaged) != NULL);
}

SELFTEST(boot_memory_sound, "boot.memory-map")
{
    CLAIM(boot_check_memory(boot_memory(), boot_info_get()->memory_count) == NULL);
}

SELFTEST(boot_memory_refused, "boot.memory-map-refused")
{
    struct boot_memory_range pair[] = {
        { .first = 0x1000, .last = 0x2FFF, .type = BOOT_MEMORY_USABLE },
        { .first = 0x3000, .last = 0x3FFF, .type = BOOT_MEMORY_KERNEL },
    };
    CLAIM(boot_check_memory(pair, ARRAY_COUNT(pair)) == NULL);
    pair[1].first = 0x2000;
    CLAIM(boot_check_memory(pair, ARRAY_COUNT(pair)) != NULL);
    pair[1].first = 0x3800;
    CLAIM(boot_check_memory(pair, ARRAY_COUNT(pair)) != NULL);
    pair[1] = (struct boot_memory_range){ .first = 0x3000, .last = 0x3FFF, .type = 0 };
    CLAIM(boot_check_memory(pair, ARRAY_COUNT(pair)) != NULL);
}

/* The type of all of a range, or 0 where it is not one. */
static uint32_t type_of(uint64_t first, uint64_t last)
{
    const struct boot_memory_range *ranges = boot_memory();
    for (uint32_t i = 0; i < boot_info_get()->memory_count; i++) {
        if (first >= ranges[i].first && last <= ranges[i].last)
            return ranges[i].type;
    }
    return 0;
}

SELFTEST(boot_segments_in_map, "boot.segments")
{
    const struct boot_info *info = boot_info_get();
    const struct boot_segment *segments = boot_segments();
    const struct page_tables tables = page_tables_current();
    CLAIM(info->segment_count >= 3);
    for (uint32_t i = 0; i < info->segment_count; i++) {
        const struct boot_segment *s = &segments[i];
        uint64_t phys = 0;
        CLAIM_EQUAL(type_of(s->phys, s->phys + s->bytes - 1), BOOT_MEMORY_KERNEL);
        CLAIM(page_walk_translate(&tables, s->virt, &phys));
        CLAIM_EQUAL(phys, s->phys);
    }
}

SELFTEST(boot_modules_in_map, "boot.modules")
{
    const struct boot_info *info = boot_info_get();
    const struct boot_module *modules = boot_modules();
    if (info->module_count == 0)
        CLAIM_SKIP("no modules were loaded");
    for (uint32_t i = 0; i < info->module_count; i++) {
        const uint64_t last = modules[i].phys + modules[i].bytes - 1;
        CLAIM_EQUAL(modules[i].phys % PAGE_BYTES, 0);
        CLAIM_EQUAL(type_of(modules[i].phys, last), BOOT_MEMORY_MODULE);
        CLAIM(string_length(boot_module_name(&modules[i])) > 0);
    }
}

/*
 * Every usable byte must be in the direct map, writable: the kernel's own allocator trusts it.
 * The image is there too, but what of it is read-only is so here (space.image-alias).
 */
SELFTEST(boot_direct_map, "boot.direct-map")
{
    const struct boot_memory_range *ranges = boot_memory();
    const struct page_tables tables = page_tables_current();
    for (uint32_t i = 0; i < boot_info_get()->memory_count; i++) {
        if (ranges[i].type > BOOT_MEMORY_MODULE)
            continue;
        CLAIM(page_walk_covers(&tables, BOOT_DIRECT_MAP_BASE + ranges[i].first,
                               ranges[i].last - ranges[i].first + 1,
                               ranges[i].type != BOOT_MEMORY_KERNEL));
    }
}

SELFTEST(boot_timeline, "boot.timeline")
{
    const struct boot_trace_record *records = boot_trace();
    uint64_t before = 0;
    if (foreign_loader() != NULL) {
        CLAIM_SKIP("another loader keeps no timeline");
        return;
    }
    CLAIM(boot_info_get()->trace_count > 0);
    for (uint32_t i = 0; i < boot_info_get()->trace_count; i++) {
        CLAIM(records[i].step >= BOOT_STEP_STAGE1);
        CLAIM(records[i].step <= BOOT_STEP_KERNEL_ENTRY);
        if (records[i].tsc == 0)
            continue;
        CLAIM(records[i].tsc >= before);
        before = records[i].tsc;
    }
    CLAIM(boot_entry_tsc() >= before);
}

SELFTEST(boot_random_seed, "boot.random-seed")
{
    const uint8_t *seed = boot_info_get()->random_seed;
    unsigned different = 0;
    for (unsigned i = 1; i < sizeof(boot_info_get()->random_seed); i++)
        different += seed[i] != seed[0] ? 1 : 0;
    CLAIM(different > 0);
}
