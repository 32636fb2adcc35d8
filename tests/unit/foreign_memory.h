/* SPDX-License-Identifier: MIT
 *
 * Physical memory for tests of what other loaders hand over: one block of bytes
 * at one address, in a heap block of exactly its size, so that AddressSanitizer
 * sees a read past its end. Nothing else can be read.
 */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/foreign/facts.h"

struct foreign_block {
    uint64_t phys;
    uint64_t bytes;
    uint8_t *data;
};

static inline const uint8_t *foreign_block_at(void *context, uint64_t phys, uint64_t bytes)
{
    const struct foreign_block *block = context;
    if (phys < block->phys || bytes > block->bytes || phys - block->phys > block->bytes - bytes)
        return NULL;
    return block->data + (phys - block->phys);
}

static inline struct foreign_block foreign_block_of(uint64_t phys, const void *data, size_t bytes)
{
    struct foreign_block block = { .phys = phys, .bytes = bytes, .data = malloc(bytes + !bytes) };
    memcpy(block.data, data, bytes);
    return block;
}

static inline struct foreign_reader foreign_block_reader(struct foreign_block *block)
{
    return (struct foreign_reader){ .at = foreign_block_at, .context = block };
}
