/* SPDX-License-Identifier: MIT
 *
 * Where physical memory can be reached. Says nothing about whether it is
 * mapped: page_walk.h does.
 */
#pragma once

#include <stdint.h>

/* The virtual address of a physical one, in the loader's direct map. */
void *direct_map_at(uint64_t phys);
