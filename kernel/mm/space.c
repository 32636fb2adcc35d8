/* SPDX-License-Identifier: MIT
 *
 * Address spaces over frames. space_begin.c makes the first one.
 */
#include "kernel/mm/space.h"

#include "hw/cpu.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/core/page_level.h"
#include "kernel/mm/space_port.h"

/* From here on all of the TLB is forgotten at once: Linux's measurements put it near 33 pages. */
#define FORGET_PAGES_MAX 32

static struct space kernel_space;
static struct space *loaded = &kernel_space;
static unsigned spaces_made; /* besides the kernel's */

struct space *space_kernel(void)
{
    return &kernel_space;
}

struct space *space_current(void)
{
    return loaded;
}

/* Global pages outlive a load of CR3, not a change of CR4_PGE. */
static void forget_everything(void)
{
    const uint64_t cr4 = cr4_read();
    if ((cr4 & CR4_PGE) != 0) {
        cr4_write(cr4 & ~(uint64_t)CR4_PGE);
        cr4_write(cr4);
    } else {
        cr3_write(cr3_read());
    }
}

/* The lower half of a space that is not loaded is in no TLB: loading CR3 drops it. */
static void shoot_down_here(const struct space *space, uint64_t virt, uint64_t bytes)
{
    if (space != loaded && page_is_lower(virt))
        return;
    if (bytes / PAGE_BYTES > FORGET_PAGES_MAX) {
        forget_everything();
        return;
    }
    for (uint64_t done = 0; done < bytes; done += PAGE_BYTES)
        tlb_forget(virt + done);
}

void (*space_shoot_down)(const struct space *space, uint64_t virt,
                         uint64_t bytes) = shoot_down_here;

/* Behind every change that takes something away. */
static void settle(struct space *space, uint64_t virt, uint64_t bytes)
{
    space_shoot_down(space, virt, bytes);
    page_table_release(&space->tables);
}

/* Whether the address is for this space to change. */
static bool is_own(const struct space *space, uint64_t virt)
{
    return space == &kernel_space || page_is_lower(virt);
}

/* What failed has changed nothing, but may have left tables that a CPU has seen. */
enum space_status space_map(struct space *space, uint64_t virt, uint64_t phys, uint64_t bytes,
                            unsigned access)
{
    if (!is_own(space, virt))
        return SPACE_E_SHARED;
    const enum space_status status = page_table_map(&space->tables, virt, phys, bytes, access);
    if (status != SPACE_OK)
        settle(space, virt, bytes);
    return status;
}

enum space_status space_unmap(struct space *space, uint64_t virt, uint64_t bytes)
{
    if (!is_own(space, virt))
        return SPACE_E_SHARED;
    const enum space_status status = page_table_unmap(&space->tables, virt, bytes);
    if (status == SPACE_OK)
        settle(space, virt, bytes);
    return status;
}

enum space_status space_protect(struct space *space, uint64_t virt, uint64_t bytes, unsigned access)
{
    if (!is_own(space, virt))
        return SPACE_E_SHARED;
    const enum space_status status = page_table_protect(&space->tables, virt, bytes, access);
    if (status == SPACE_OK)
        settle(space, virt, bytes);
    return status;
}

bool space_translate(const struct space *space, uint64_t virt, uint64_t *phys)
{
    struct page_table_page page;
    if (!page_table_find(&space->tables, virt, &page))
        return false;
    *phys = page.phys + (virt - page.virt);
    return true;
}

enum space_status space_create(struct space *space)
{
    const struct page_table *kernel = &kernel_space.tables;
    const enum space_status status =
        page_table_begin(&space_port, kernel->abilities, kernel->levels, &space->tables);
    if (status != SPACE_OK)
        return status;
    page_table_share(&space->tables, kernel);
    spaces_made++;
    kernel_space.tables.shared = true;
    return SPACE_OK;
}

void space_destroy(struct space *space)
{
    if (space == loaded || space == &kernel_space)
        panic("an address space is destroyed that is in use");
    page_table_end(&space->tables);
    spaces_made--;
    kernel_space.tables.shared = spaces_made != 0;
}

void space_switch(struct space *space)
{
    loaded = space;
    cr3_write(space->tables.root_phys);
}
