/* SPDX-License-Identifier: MIT
 *
 * Every build but the KASAN build: there is no shadow.
 */
#include "kernel/mm/kasan_room.h"

#include "kernel/arch/x86_64/virtual_room.h"

void kasan_room_begin(const struct boot_memory_range *ranges, uint32_t count)
{
    (void)ranges;
    (void)count;
}

uint64_t kasan_room_regions_last(void)
{
    return REGION_LAST;
}

void kasan_room_open(void)
{
}
