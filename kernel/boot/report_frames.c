/* SPDX-License-Identifier: MIT
 *
 * Physical memory as the frame allocator has it now.
 */
#include "kernel/boot/report.h"
#include "kernel/log/console.h"
#include "kernel/mm/frames.h"

#define FRAME_KIB (FRAME_BYTES / 1024ULL)

static void report_zone(const char *name, const struct frames_zone *zone)
{
    if (zone->free + zone->used == 0)
        return;
    kprintf("  %-8s %12llu %12llu", name, (unsigned long long)(zone->free * FRAME_KIB),
            (unsigned long long)(zone->used * FRAME_KIB));
    if (zone->largest >= 0)
        kprintf(" %14llu", (unsigned long long)(FRAME_KIB << zone->largest));
    kprintf("\n");
}

void report_frames(void)
{
    static const char *const names[BUDDY_ZONES] = { "< 1 MiB", "< 16 MiB", "< 4 GiB", "above" };
    struct frames_account account;
    frames_account(&account);
    kprintf("\nPhysical memory in KiB%s:\n", frames_checked() ? ", checked" : "");
    kprintf("  zone             free         used  largest block\n");
    for (unsigned zone = 0; zone < BUDDY_ZONES; zone++)
        report_zone(names[zone], &account.zones[zone]);
    kprintf("  %llu free + %llu used + %llu reserved = %llu\n",
            (unsigned long long)(account.free * FRAME_KIB),
            (unsigned long long)(account.used * FRAME_KIB),
            (unsigned long long)(account.reserved * FRAME_KIB),
            (unsigned long long)(account.total * FRAME_KIB));
    kprintf("  %llu reserved for the frame table, %llu reclaimed from the loader\n",
            (unsigned long long)(account.table * FRAME_KIB),
            (unsigned long long)(account.reclaimed * FRAME_KIB));
}
