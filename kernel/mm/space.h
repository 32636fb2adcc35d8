/* SPDX-License-Identifier: MIT
 *
 * Address spaces. The upper half is the kernel's and the same in all of them;
 * the lower half is each space's own. Page tables are frames; what is mapped
 * belongs to whoever maps it.
 *
 * One CPU, no interrupts: there is no lock yet.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "boot/boot_info.h"
#include "kernel/core/page_table.h"

struct space {
    struct page_table tables;
};

/*
 * Build the kernel's own space: every section of the image with its own access,
 * the direct map of what the hand-off tells, the kernel's stack. The loader's
 * tables stay loaded. Panics when there is no memory for it.
 */
void space_begin(const struct boot_info *info);

/* Load it, and go on in function() on the kernel's own stack. Of the loader's space nothing is left. */
NORETURN void space_enter(void (*function)(void));

/* What the CPU can do beyond: five levels of tables, global pages for the kernel. */
void space_extend(void);

/* The kernel's space: what lies in its upper half is in all spaces. */
struct space *space_kernel(void);

/* The space whose tables are loaded. */
struct space *space_current(void);

/*
 * virt, phys, bytes  multiples of 4 KiB, in one half
 * access             PAGING_..., never both of PAGING_WRITE and PAGING_EXECUTE;
 *                    PAGING_USER in the lower half only
 *
 * On failure nothing has changed. The upper half is changed through space_kernel()
 * alone; while other spaces exist, not where that takes a new top-level entry:
 * SPACE_E_SHARED. The other statuses: kernel/core/space_status.h.
 */
MUST_CHECK enum space_status space_map(struct space *space, uint64_t virt, uint64_t phys,
                                       uint64_t bytes, unsigned access);
MUST_CHECK enum space_status space_unmap(struct space *space, uint64_t virt, uint64_t bytes);
MUST_CHECK enum space_status space_protect(struct space *space, uint64_t virt, uint64_t bytes,
                                           unsigned access);

/* The physical address behind virt; false, and *phys as it was: none. */
MUST_CHECK bool space_translate(const struct space *space, uint64_t virt, uint64_t *phys);

/* A new space with an empty lower half. SPACE_E_NO_ROOM: no memory for its root. */
MUST_CHECK enum space_status space_create(struct space *space);

/* Give back its tables, not what they map. Panics if it is loaded. */
void space_destroy(struct space *space);

void space_switch(struct space *space);

/*
 * Called when a CPU may hold a translation that no longer stands, before any table
 * or page behind it can serve for something else. Invalidates on this CPU; more
 * CPUs will set another function.
 */
extern void (*space_shoot_down)(const struct space *space, uint64_t virt, uint64_t bytes);
