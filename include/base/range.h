/* SPDX-License-Identifier: MIT
 *
 * Ranges with inclusive ends, so that the last byte of the address space is a
 * byte like any other and nothing wraps. Says nothing about what lies there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Physical bytes first..last, both inside; first <= last always. */
struct phys_range {
    uint64_t first;
    uint64_t last;
};

/* Virtual bytes first..last, both inside; first <= last always. */
struct virt_range {
    uint64_t first;
    uint64_t last;
};
