/* SPDX-License-Identifier: MIT
 *
 * Taking memory: whatever outlives a step lies above 1 MiB and below 4 GiB,
 * where the loader's own page tables reach and no BIOS walks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "stage2/loader.h"

/*
 * The lowest free run of `bytes`, rounded up to pages, marked as `type`. Its
 * contents are whatever was there. Ends the boot when there is none; `what` is
 * for that sentence.
 */
uint64_t memory_take(struct loader *loader, uint64_t bytes, enum boot_memory_type type,
                     const char *what);

/* The same, placed so that large pages can map it at `virt` if there is such a place. */
uint64_t memory_take_for(struct loader *loader, uint64_t virt, uint64_t bytes,
                         enum boot_memory_type type, const char *what);

/* Give memory a type; ends the boot when the map is full. */
void memory_mark(struct loader *loader, struct phys_range where, enum boot_memory_type type);

/* A free run that is not taken: good until the next is. False: there is none. */
bool memory_borrow(const struct loader *loader, uint64_t bytes, uint64_t *phys);

/* The pointer to memory below 4 GiB: the loader maps it where it is. */
static inline void *memory_at(uint64_t phys)
{
    return (void *)(uintptr_t)phys;
}
