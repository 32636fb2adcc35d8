/* SPDX-License-Identifier: MIT
 *
 * See table.h.
 */
#include "tools/replay/table.h"

#include <string.h>

#include "boot/low_memory.h"
#include "hw/edd.h"

#define SEGMENT_SHIFT 4

/*
 * A list that went in a circle ended with an answer that was not kept, because
 * an earlier one was the same and had the same continuation: it is what followed
 * the other answer with the last one's continuation.
 */
static uint16_t e820_after(const struct record *record)
{
    if (record->e820_end != BOOT_E820_END_REPEAT)
        return REPLAY_E820_OVER;
    const unsigned last = record->e820_count - 1U;
    for (unsigned i = 0; i < last; i++)
        if (record->e820[i].continuation == record->e820[last].continuation)
            return (uint16_t)(i + 1);
    return (uint16_t)last;
}

static void fill_disk(const struct record *record, struct replay_table *table)
{
    table->drive = record->drive;
    table->edd_reads = record->by == RECORD_BY_EDD;
    table->edd_check = record->edd_check;
    table->has_parameters = record_has(record, RECORD_LINE_EDD_PARAMETERS);
    table->edd_parameters = record->edd_parameters;
    table->parameters_bytes = record->parameters_bytes;
    memcpy(table->parameters, record->parameters, sizeof(table->parameters));
    table->has_geometry = record_has(record, RECORD_LINE_GEOMETRY);
    table->geometry = record->geometry;
    table->track_sectors = record->geometry.cx & CHS_SECTOR_MASK;
    table->heads = (uint16_t)((record->geometry.dx >> 8) + 1);
}

void replay_table_fill(const struct record *record, struct replay_table *table)
{
    *table = (struct replay_table){
        .entry = record->entry,
        .ip = (uint16_t)(LOW_STAGE1 - (record->entry.cs << SEGMENT_SHIFT)),
        .cs = record->entry.cs,
        .a20_closed = record->a20_method != BOOT_A20_WAS_ON,
        .a20_opens = record->a20_method == BOOT_A20_BIOS,
        .has_a20_on = record_has(record, RECORD_LINE_A20_ON),
        .a20_on = record->a20_on,
        .e801 = record->e801,
        .extended = record->extended,
        .low_kib = record->low_kib,
        .ebda_segment = record->ebda_segment,
        .e820_count = record->e820_count,
        .e820_after = e820_after(record),
        .e820_asked = record->e820_asked,
    };
    fill_disk(record, table);
    memcpy(table->e820, record->e820, sizeof(table->e820));
}

size_t replay_table_bytes(const struct replay_table *table)
{
    return offsetof(struct replay_table, e820) + table->e820_count * sizeof(table->e820[0]);
}
