/* SPDX-License-Identifier: MIT
 *
 * Builds the GDT and the TSS and loads them. Once, at entry; the loader's
 * tables may go away afterwards.
 */
#include "kernel/arch/x86_64/segments.h"

#include "hw/descriptors.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/stacks.h"

/* Aligned, as some machines want it (Q63). */
static struct {
    uint64_t null;
    uint64_t code;
    uint64_t data;
    struct system_descriptor tss;
    uint64_t absent;
    uint64_t user_data;
    uint64_t user_code;
} gdt ALIGNED(16);

_Static_assert(offsetof(typeof(gdt), code) == SELECTOR_CODE, "code selector");
_Static_assert(offsetof(typeof(gdt), data) == SELECTOR_DATA, "data selector");
_Static_assert(offsetof(typeof(gdt), tss) == SELECTOR_TSS, "TSS selector");
_Static_assert(offsetof(typeof(gdt), absent) == SELECTOR_ABSENT, "absent selector");
_Static_assert(offsetof(typeof(gdt), user_data) == (SELECTOR_USER_DATA & ~SELECTOR_RING), "ring 3");
_Static_assert(offsetof(typeof(gdt), user_code) == (SELECTOR_USER_CODE & ~SELECTOR_RING), "ring 3");

static struct task_state tss ALIGNED(16);

static struct system_descriptor tss_descriptor(void)
{
    const uint64_t base = (uint64_t)&tss;
    return (struct system_descriptor){
        .limit_low = sizeof(tss) - 1,
        .base_0 = (uint16_t)base,
        .base_16 = (uint8_t)(base >> 16),
        .type = DESCRIPTOR_PRESENT | DESCRIPTOR_TSS,
        .base_24 = (uint8_t)(base >> 24),
        .base_32 = (uint32_t)(base >> 32),
    };
}

void segments_shorten_tss(uint16_t bytes)
{
    gdt.tss = tss_descriptor();
    gdt.tss.limit_low = (uint16_t)(bytes - 1);
    task_load(SELECTOR_TSS);
}

void segments_set_ring_0_stack(uint64_t top)
{
    tss.rsp[0] = top;
}

void segments_begin(void)
{
    for (unsigned ist = 1; ist <= STACK_IST_LAST; ist++)
        tss.ist[ist - 1] = stacks_ist_top((enum stack_ist)ist);
    tss.io_map = sizeof(tss);

    gdt.code = DESCRIPTOR_CODE64;
    gdt.data = DESCRIPTOR_DATA;
    gdt.user_data = DESCRIPTOR_DATA_USER;
    gdt.user_code = DESCRIPTOR_CODE64_USER;
    gdt.tss = tss_descriptor();
    gdt.absent = DESCRIPTOR_DATA & ~DESCRIPTOR_BIT_PRESENT;
    const struct table_register table = { .limit = sizeof(gdt) - 1, .base = (uint64_t)&gdt };
    gdt_load(&table, SELECTOR_CODE, SELECTOR_DATA);
    task_load(SELECTOR_TSS);
}
