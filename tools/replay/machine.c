/* SPDX-License-Identifier: MIT
 *
 * See machine.h. What is RAM, the loader's own judge says, from the recorded
 * answers; so exactly that memory is there which the loader will believe in.
 *
 * Where RAM can be, in QEMU 7.2 (hw/i386/pc_piix.c by behaviour): the machine
 * `pc` has up to 3 GiB below 4 GiB when there is more above, else up to 3.5 GiB;
 * `isapc`, which has no PCI devices to leave room for, has as much as it is told
 * to. Bochs 2.7 has one run of RAM from 0.
 */
#include "tools/replay/machine.h"

#include <string.h>

#include "stage2/plan/memory_claims.h"
#include "stage2/plan/memory_judge.h"

#define MIB UINT64_C(0x100000)
#define GIB UINT64_C(0x40000000)

#define DEFAULT_MIB      256 /* where the record has no memory at all */
#define FIRMWARE_MIB     2   /* above the recorded RAM, for the emulator's own tables */
#define PC_LOW_MAX       (3 * GIB)
#define PC_LOW_ALONE_MAX (3 * GIB + GIB / 2)
#define ISAPC_LOW_MAX    (4 * GIB - GIB / 4) /* the APICs and the BIOS are above */
#define QEMU_HIGH_MAX    (1000 * GIB)        /* 1 TiB is all that 40 address bits reach */
#define BOCHS_MAX        (2 * GIB)
#define MAP_RANGES       (2 * MEMORY_CLAIMS_MAX + 1)

/* The ends of RAM, exclusive, below and above 4 GiB; 0: none. */
struct extent {
    uint64_t low, high;
};

static void answers_fill(const struct record *record, struct memory_answers *answers)
{
    *answers = (struct memory_answers){
        .e820_count = record->e820_count,
        .e820_end = record->e820_end,
        .e801_ax = record->e801.ax,
        .e801_bx = record->e801.bx,
        .e801_cx = record->e801.cx,
        .e801_dx = record->e801.dx,
        .e801_flags = record->e801.flags,
        .int88_ax = record->extended.ax,
        .int88_flags = record->extended.flags,
        .int12_ax = record->low_kib,
        .ebda_segment = record->ebda_segment,
    };
    memcpy(answers->e820, record->e820, sizeof(answers->e820));
}

static struct extent extent_of(const struct record *record)
{
    static struct boot_memory_range ranges[MAP_RANGES];
    static struct memory_answers answers;
    struct memory_map map = { .ranges = ranges, .capacity = MAP_RANGES };
    struct extent extent = { 0, 0 };

    answers_fill(record, &answers);
    if (memory_judge_answers(&answers, &map) != BOOT_OK)
        return extent;
    for (uint32_t i = 0; i < map.count; i++) {
        if (ranges[i].type != BOOT_MEMORY_USABLE && ranges[i].type != BOOT_MEMORY_ACPI_RECLAIMABLE)
            continue;
        if (ranges[i].first < 4 * GIB)
            extent.low = ranges[i].last + 1;
        else
            extent.high = ranges[i].last + 1;
    }
    return extent;
}

static uint64_t mib_up(uint64_t bytes)
{
    return (bytes + MIB - 1) / MIB;
}

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Say which RAM is too much, from `limit` on. */
static bool refuse(struct machine *machine, uint64_t limit, uint64_t end)
{
    machine->missing_first = limit;
    machine->missing_last = end - 1;
    return false;
}

static bool choose_qemu(const struct extent *extent, struct machine *machine)
{
    if (extent->low > ISAPC_LOW_MAX)
        return refuse(machine, ISAPC_LOW_MAX, extent->low);
    if (extent->high > QEMU_HIGH_MAX)
        return refuse(machine, QEMU_HIGH_MAX, extent->high);

    const bool isapc = extent->low > (extent->high != 0 ? PC_LOW_MAX : PC_LOW_ALONE_MAX);
    const uint64_t most = isapc ? ISAPC_LOW_MAX : extent->high != 0 ? PC_LOW_MAX : PC_LOW_ALONE_MAX;
    machine->model = isapc ? "isapc" : "pc";
    machine->memory_mib = lower(mib_up(extent->low) + FIRMWARE_MIB, most / MIB);
    if (extent->high == 0 && !isapc)
        return true;
    /* QEMU warns where this is no whole number of GiB, but for isapc it has to be exact. */
    if (!isapc)
        machine->memory_mib = (machine->memory_mib * MIB + GIB - 1) / GIB * (GIB / MIB);
    machine->below_4g_mib = machine->memory_mib;
    if (extent->high != 0)
        machine->memory_mib += mib_up(extent->high - 4 * GIB);
    return true;
}

static bool choose_bochs(const struct extent *extent, struct machine *machine)
{
    if (extent->low > BOCHS_MAX)
        return refuse(machine, BOCHS_MAX, extent->low);
    if (extent->high != 0)
        return refuse(machine, 4 * GIB, extent->high);
    machine->model = "bochs";
    machine->memory_mib = lower(mib_up(extent->low) + FIRMWARE_MIB, BOCHS_MAX / MIB);
    return true;
}

bool machine_choose(const struct record *record, enum emulator emulator, struct machine *machine)
{
    struct extent extent = extent_of(record);

    *machine = (struct machine){ .below_4g_mib = 0 };
    if (extent.low == 0)
        extent.low = DEFAULT_MIB * MIB;
    return emulator == EMULATOR_QEMU ? choose_qemu(&extent, machine)
                                     : choose_bochs(&extent, machine);
}
