/* SPDX-License-Identifier: MIT
 *
 * Each measurement is the least of a few rounds: the least disturbed.
 */
#include "kernel/selftest/bench.h"

#include "kernel/arch/x86_64/audit.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/boot/boot.h"
#include "kernel/core/crc32c.h"
#include "kernel/core/format.h"
#include "kernel/core/string.h"
#include "kernel/log/console.h"
#include "kernel/log/image.h"
#include "kernel/log/symbols.h"
#include "kernel/mm/frames.h"

#define ROUNDS      5
#define BLOCK_BYTES 0x10000ULL
#define LINE_BYTES  80

#define BLOCKS_FRAMES (2 * BLOCK_BYTES / FRAME_BYTES)

/* Two blocks, side by side. */
static uint8_t *block;
static uint8_t *other_block;
static struct crc32c_tables tables;

static bool take_blocks(void)
{
    const uint64_t phys = frames_allocate_range(BLOCKS_FRAMES, BLOCK_BYTES, FRAMES_ANY);
    if (phys == 0)
        return false;
    block = direct_map_at(phys);
    other_block = block + BLOCK_BYTES;
    return true;
}

static void give_blocks_back(void)
{
    frames_free_range((uint64_t)block - BOOT_DIRECT_MAP_BASE, BLOCKS_FRAMES);
}

static void bench_nothing(void)
{
    __asm__ volatile("");
}

static void bench_memcpy(void)
{
    memcpy(other_block, block, BLOCK_BYTES);
}

static void bench_memcpy_page(void)
{
    memcpy(other_block, block, FRAME_BYTES);
}

static void bench_memset(void)
{
    memset(block, 0, BLOCK_BYTES);
}

static void bench_crc32c(void)
{
    volatile uint32_t crc = crc32c_update(&tables, 0, block, BLOCK_BYTES);
    (void)crc;
}

static void bench_format(void)
{
    char line[LINE_BYTES];
    format_string(line, sizeof(line), "%016llx %u %s", 0x123456789ABCDEFULL, 42U, "a line");
}

static void bench_console_line(void)
{
    kprintf("# a line of text, to see what printing one costs on all consoles\n");
}

static void bench_symbol(void)
{
    struct symbol_place place;
    symbols_find((uint64_t)kernel_text_end - 1, &place);
}

static void bench_audit(void)
{
    struct audit_report report;
    const struct page_tables live = page_tables_current();
    audit_page_tables(&live, cpu_no_execute_is_on(), &report);
}

struct measurement {
    const char *name;
    void (*run)(void);
};

static const struct measurement measurements[] = {
    { "nothing", bench_nothing },           { "memcpy_64k", bench_memcpy },
    { "memcpy_4k", bench_memcpy_page },     { "memset_64k", bench_memset },
    { "crc32c_64k", bench_crc32c },         { "format_line", bench_format },
    { "symbol_lookup", bench_symbol },      { "page_table_audit", bench_audit },
    { "console_line", bench_console_line },
};

/* Not to be seen through: what is measured is called. */
NEVER_INLINE uint64_t bench_least_ticks(void (*run)(void))
{
    uint64_t least = UINT64_MAX;
    for (unsigned round = 0; round < ROUNDS; round++) {
        const uint64_t start = tsc_read();
        run();
        const uint64_t ticks = tsc_read() - start;
        if (ticks < least)
            least = ticks;
    }
    return least;
}

static void bench_all(void)
{
    if (!take_blocks()) {
        kprintf("bench: there are no %llu bytes of free memory in one piece\n", 2 * BLOCK_BYTES);
        return;
    }
    crc32c_tables_fill(&tables);
    /* Nothing is printed in between: tests/vm/test_heap.py counts from one to the next. */
    uint64_t ticks[ARRAY_COUNT(measurements)];
    for (unsigned i = 0; i < ARRAY_COUNT(measurements); i++)
        ticks[i] = bench_least_ticks(measurements[i].run);
    for (unsigned i = 0; i < ARRAY_COUNT(measurements); i++)
        kprintf("bench %s %llu ticks\n", measurements[i].name, (unsigned long long)ticks[i]);
    kprintf("bench kernel_image %llu bytes\n", (unsigned long long)(kernel_end - kernel_base));
    kprintf("bench kernel_file %llu bytes\n",
            (unsigned long long)boot_info_get()->kernel_file_bytes);
    kprintf("bench disk_reads %u calls\n", boot_info_get()->firmware.disk_reads);
    give_blocks_back();
}

bool bench_run(const char *area)
{
    const bool everything = area[0] == '\0';
    if (!everything && !string_equals(area, "heap"))
        return false;
    if (everything)
        bench_all();
    bench_heap(!everything);
    return true;
}
