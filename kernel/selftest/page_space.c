/* SPDX-License-Identifier: MIT
 *
 * See page_space.h.
 */
#include "kernel/selftest/page_space.h"

#include "hw/paging.h"
#include "kernel/mm/frames.h"
#include "kernel/selftest/selftest.h"

bool page_space_begin(struct page_space *own, uint64_t virt, unsigned access)
{
    own->phys = frames_allocate(0, FRAMES_ANY);
    if (!CLAIM(own->phys != 0))
        return false;
    if (!CLAIM(space_create(&own->space) == SPACE_OK)) {
        frames_free(own->phys, 0);
        return false;
    }
    if (!CLAIM(space_map(&own->space, virt, own->phys, PAGE_BYTES, access) == SPACE_OK)) {
        page_space_end(own);
        return false;
    }
    return true;
}

void page_space_end(struct page_space *own)
{
    space_destroy(&own->space);
    frames_free(own->phys, 0);
}
