/* SPDX-License-Identifier: MIT
 *
 * The step handoff: silence the interrupt controllers, let both address spaces
 * share the hand-off page, and go.
 */
#include "stage2/handoff.h"

#include "boot/low_memory.h"
#include "hw/pc_ports.h"
#include "stage2/bios/cpu.h"
#include "stage2/bios/trace.h"
#include "stage2/memory.h"

#define PML4_SHIFT 39

/*
 * No BIOS call follows, so no interrupt line is needed any more (Q66). NMI is
 * left alone: masking it at port 70h would make a kernel deaf that does not
 * know. The hand-off page has a handler for it.
 */
static void silence_interrupts(void)
{
    __asm__ volatile("cli" : : : "memory");
    port_write8(PIC_SLAVE_MASK, PIC_MASK_ALL);
    port_write8(PIC_MASTER_MASK, PIC_MASK_ALL);
}

/* The kernel's PML4 entry for the hand-off region goes into the loader's too. */
static void share_handoff_region(const struct loader *loader)
{
    uint64_t *const ours = memory_at(LOW_PAGE_TABLES);
    const uint64_t *const kernels = memory_at(loader->page_table.root_phys);
    const unsigned index = BOOT_HANDOFF_BASE >> PML4_SHIFT & (TABLE_ENTRIES - 1);

    *(volatile uint64_t *)&ours[index] = kernels[index];
}

/* The step. From CR0.WP on a read-only page binds ring 0 too. */
void handoff(struct loader *loader)
{
    trace_step(BOOT_STEP_HANDOFF, loader->disk.reads);
    const uint64_t info_phys = boot_info_build(loader);

    silence_interrupts();
    share_handoff_region(loader);
    cpu_write_cr0(cpu_read_cr0() | CR0_WP);
    handoff_call *const call = (handoff_call *)(uintptr_t)HANDOFF_CODE;
    call(BOOT_DIRECT_MAP_BASE + info_phys, loader->page_table.root_phys, HANDOFF_STACK_END,
         loader->kernel.entry + loader->kernel.slide);
}
