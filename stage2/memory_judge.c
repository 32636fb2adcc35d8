/* SPDX-License-Identifier: MIT
 *
 * The step memory_judge: from the BIOS's answers to a map that memory can be
 * taken from. What is RAM is decided in plan/memory_judge.c.
 */
#include "stage2/plan/memory_judge.h"

#include "boot/low_memory.h"
#include "boot/stage2_header.h"
#include "hw/paging.h"
#include "kernel/core/string.h"
#include "stage2/bios/console.h"
#include "stage2/bios/fail.h"
#include "stage2/bios/trace.h"
#include "stage2/memory.h"
#include "stage2/real/bios_call.h"

#define KIB            1024
#define SPARE_RANGES   128 /* what taking memory can add to the map */
#define LOW_OURS_BYTES (LOW_EBDA_FLOOR - LOW_EXCHANGE)

/*
 * What is not free although it is RAM: page 0, where the BIOS keeps its vectors
 * and data, and all the places of low_memory.h.
 */
static void claim_low_memory(struct loader *loader)
{
    const struct phys_range ours = { LOW_EXCHANGE, LOW_EBDA_FLOOR - 1 };
    struct phys_range where;

    if (!memory_map_find(&loader->map, BOOT_MEMORY_USABLE, ours, LOW_OURS_BYTES, PAGE_BYTES,
                         &where))
        fail(BOOT_E_LITTLE_MEMORY, "the loader needs %u KiB of low memory, INT 12h says %u KiB",
             LOW_EBDA_FLOOR / KIB, (unsigned)memory_answers.int12_ax);
    memory_mark(loader, ours, BOOT_MEMORY_LOADER);
    memory_mark(loader, (struct phys_range){ 0, PAGE_BYTES - 1 }, BOOT_MEMORY_RESERVED);
}

/* Move the map out of the scratch area, to a place that lasts, with room to grow. */
static void settle_map(struct loader *loader)
{
    const uint32_t capacity = loader->map.count + SPARE_RANGES;
    const uint64_t phys = memory_take(loader, capacity * sizeof(struct boot_memory_range),
                                      BOOT_MEMORY_LOADER, "the memory map");
    struct boot_memory_range *const ranges = memory_at(phys);

    memcpy(ranges, loader->map.ranges, loader->map.count * sizeof(*ranges));
    loader->map.ranges = ranges;
    loader->map.capacity = capacity;
}

/* How A20 was opened, in words. */
static const char *a20_text(void)
{
    switch (exchange.a20_method) {
    case BOOT_A20_WAS_ON:
        return "was on";
    case BOOT_A20_BIOS:
        return "on by BIOS";
    case BOOT_A20_PORT_92:
        return "on by port 92h";
    default:
        return "on by keyboard controller";
    }
}

/*
 * The step: a clean map of memory, with the loader's own places in it.
 *
 * E12  the answers make no map
 * E13  low memory is smaller than the loader's map of it
 */
void memory_judge(struct loader *loader)
{
    trace_step(BOOT_STEP_MEMORY_JUDGE, memory_answers.e820_count);
    loader->map = (struct memory_map){
        .ranges = memory_at(LOW_SCRATCH),
        .capacity = LOW_SCRATCH_BYTES / sizeof(struct boot_memory_range),
    };
    const enum boot_status status = memory_judge_answers(&memory_answers, &loader->map);
    if (status != BOOT_OK)
        fail(status, "INT 15h E820 gave %u entries", memory_answers.e820_count);

    loader->usable_kib = memory_map_total(&loader->map, BOOT_MEMORY_USABLE) / KIB;
    claim_low_memory(loader);
    settle_map(loader);
    const struct stage2_header *const header = memory_at(LOW_STAGE2);
    console_say("coldstart: build %08x, A20 %s, %lu KiB of memory\n", header->build_id, a20_text(),
                loader->usable_kib);
}
