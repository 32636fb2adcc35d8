/* SPDX-License-Identifier: MIT
 *
 * The direct map: physical memory at one fixed distance. boot_info says where
 * it is; boot_check.c refuses a hand-off that puts it elsewhere.
 */
#include "kernel/arch/x86_64/direct_map.h"

#include "boot/boot_info.h"

void *direct_map_at(uint64_t phys)
{
    return (void *)(BOOT_DIRECT_MAP_BASE + phys);
}
