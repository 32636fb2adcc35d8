/* SPDX-License-Identifier: MIT
 *
 * An address space with one frame of its own in it, for tests of spaces and of
 * user pages.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/mm/space.h"

struct page_space {
    struct space space;
    uint64_t phys; /* the frame */
};

/* The frame is at `virt`. False fails the test: no memory for it, and nothing is held. */
bool page_space_begin(struct page_space *own, uint64_t virt, unsigned access);

/* Give the space and the frame back; the space must not be loaded. */
void page_space_end(struct page_space *own);
