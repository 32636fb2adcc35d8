/* SPDX-License-Identifier: MIT
 *
 * One page of the kernel's data whose table entries may be spoiled, to see the
 * protections strike; and put right again.
 */
#pragma once

#include <stdint.h>

#include "hw/paging.h"

/* Of an address: no CPU of today has so many bits. */
#define SPOIL_RESERVED_BIT (1ULL << 51)

/* Which entries on the way to the page are changed. */
enum spoil_levels { SPOIL_LAST_LEVEL, SPOIL_ALL_LEVELS };

/* The page; its first byte is a RET. Written to only while it is not spoiled. */
extern uint8_t spoiled_page[PAGE_BYTES];

/* Set and clear bits of the entries. */
void spoil_page(uint64_t set, uint64_t clear, enum spoil_levels levels);

/* The page as it was: ring 0's, data. */
void spoil_mend(void);
