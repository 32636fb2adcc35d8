/* SPDX-License-Identifier: MIT
 *
 * See poison.h.
 */
#include "kernel/mm/poison.h"

#include "base/poison.h"

#define BYTE_BITS 8

void poison_fill(void *memory, size_t bytes)
{
    uint64_t *words = memory;
    for (size_t i = 0; i < bytes / sizeof(*words); i++)
        words[i] = POISON_FRAME_FREED;
}

bool poison_holds(const void *memory, size_t bytes, size_t *offset)
{
    const uint64_t *words = memory;
    for (size_t i = 0; i < bytes / sizeof(*words); i++) {
        const uint64_t changed = words[i] ^ POISON_FRAME_FREED;
        if (changed == 0)
            continue;
        *offset = i * sizeof(*words) + (size_t)__builtin_ctzll(changed) / BYTE_BITS;
        return false;
    }
    return true;
}
