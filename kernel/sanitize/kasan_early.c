/* SPDX-License-Identifier: MIT
 *
 * The shadow before there is any memory management: of the image and of the first
 * stack, in arrays of the image itself, mapped into whatever tables the loader
 * left. So every line of the kernel's C is checked, from kernel_main's first on.
 */
#include "kernel/sanitize/kasan_early.h"
#include "base/compiler.h"
#include "boot/boot_info.h"
#include "hw/cpu.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/log/image.h"
#include "kernel/sanitize/kasan_runtime.h"

#define IMAGE_MAX_BYTES     0x1000000                           /* of the KASAN build's kernel */
#define HANDOFF_BYTES       (2 * PAGE_BYTES + BOOT_STACK_BYTES) /* hand-off code, gap, stack */
#define IMAGE_SHADOW_BYTES  (IMAGE_MAX_BYTES / KASAN_GRANULE)
#define HANDOFF_SHADOW_ROOM (4 * PAGE_BYTES)
_Static_assert(HANDOFF_BYTES / KASAN_GRANULE <= HANDOFF_SHADOW_ROOM, "the first stack's shadow");

/* One PDPT; a directory and a table for each of the two. */
#define EARLY_TABLES 5

static uint64_t tables[EARLY_TABLES][TABLE_ENTRIES] ALIGNED(PAGE_BYTES);
static unsigned tables_used;
static uint8_t image_shadow[IMAGE_SHADOW_BYTES] ALIGNED(PAGE_BYTES);
static uint8_t handoff_shadow[HANDOFF_SHADOW_ROOM] ALIGNED(PAGE_BYTES);

static uint64_t *entry_of(uint64_t table_phys, uint64_t virt, unsigned level)
{
    uint64_t *const table = direct_map_at(table_phys);
    return &table[(virt >> (PAGE_SHIFT + TABLE_SHIFT * (level - 1))) % TABLE_ENTRIES];
}

/* Where a byte of the image lies. It is mapped, or this code would not run. */
static uint64_t phys_of(const void *place)
{
    const uint64_t virt = (uint64_t)place;
    uint64_t table = cr3_read() & PTE_ADDR;
    for (unsigned level = TABLE_LEVELS;; level--) {
        const uint64_t entry = *entry_of(table, virt, level);
        const uint64_t inside = (1ULL << (PAGE_SHIFT + TABLE_SHIFT * (level - 1))) - 1;
        if (level == 1 || (entry & PTE_PS) != 0)
            return (entry & PTE_ADDR & ~inside) | (virt & inside);
        table = entry & PTE_ADDR;
    }
}

static void map_page(uint64_t virt, const void *page, uint64_t no_execute)
{
    uint64_t table = cr3_read() & PTE_ADDR;
    for (unsigned level = TABLE_LEVELS; level > 1; level--) {
        uint64_t *const entry = entry_of(table, virt, level);
        if ((*entry & PTE_P) == 0)
            *entry = phys_of(tables[tables_used++]) | PTE_P | PTE_RW;
        table = *entry & PTE_ADDR;
    }
    *entry_of(table, virt, 1) = phys_of(page) | PTE_P | PTE_RW | no_execute;
}

static void map_shadow(uint64_t first, const uint8_t *shadow, uint64_t shadow_bytes)
{
    const uint64_t no_execute = (msr_read(MSR_EFER) & EFER_NXE) != 0 ? PTE_XD : 0;
    const uint64_t to = first / KASAN_GRANULE + KASAN_OFFSET;
    for (uint64_t done = 0; done < shadow_bytes; done += PAGE_BYTES)
        map_page(to + done, shadow + done, no_execute);
}

uint64_t kasan_early_image(const uint8_t **shadow)
{
    *shadow = image_shadow;
    return sizeof(image_shadow);
}

uint64_t kasan_early_phys(const void *place)
{
    return phys_of(place);
}

/* Tables that are not in use any more keep ours; the next ones get them anew. */
static void begin(void)
{
    for (unsigned i = 0; i < EARLY_TABLES; i++) {
        for (unsigned j = 0; j < TABLE_ENTRIES; j++)
            tables[i][j] = 0;
    }
    tables_used = 0;
    map_shadow((uint64_t)kernel_base, image_shadow, sizeof(image_shadow));
    map_shadow(BOOT_HANDOFF_BASE, handoff_shadow, sizeof(handoff_shadow));
}

NORETURN void __real_kernel_main(const struct boot_info *info, uint64_t entry_tsc);
NORETURN void __wrap_kernel_main(const struct boot_info *info, uint64_t entry_tsc);
NORETURN void __real_foreign_main(uint32_t kind, uint32_t info_phys);
NORETURN void __wrap_foreign_main(uint32_t kind, uint32_t info_phys);

/* The linker leads entry.asm's call through here. */
void __wrap_kernel_main(const struct boot_info *info, uint64_t entry_tsc)
{
    begin();
    kasan_add_area((uint64_t)kernel_base, (uint64_t)kernel_base + IMAGE_MAX_BYTES - 1);
    kasan_add_area(BOOT_HANDOFF_BASE, BOOT_HANDOFF_BASE + HANDOFF_BYTES - 1);
    kasan_globals_begin();
    kasan_switch_on();
    __real_kernel_main(info, entry_tsc);
}

/* And foreign.asm's. It runs unchecked, on tables that are given up. */
void __wrap_foreign_main(uint32_t kind, uint32_t info_phys)
{
    begin();
    __real_foreign_main(kind, info_phys);
}
