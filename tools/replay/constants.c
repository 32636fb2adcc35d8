/* SPDX-License-Identifier: MIT
 *
 * The constants that only the replay ROM needs, for NASM: `%include "replay.inc"`.
 */
#include "base/constant_list.h"
#include "hw/edd.h"
#include "tools/replay/table.h"

void constants(void);

void constants(void)
{
    CONSTANT(INT13_EDD_PARAMETERS);
    CONSTANT(REPLAY_E820_OVER);
    OFFSET(record_entry, ax);
    OFFSET(record_entry, bx);
    OFFSET(record_entry, cx);
    OFFSET(record_entry, dx);
    OFFSET(record_entry, si);
    OFFSET(record_entry, di);
    OFFSET(record_entry, bp);
    OFFSET(record_entry, ds);
    OFFSET(record_entry, es);
    OFFSET(record_entry, ss);
    OFFSET(record_entry, sp);
    OFFSET(record_entry, flags);
    OFFSET(record_answer, ax);
    OFFSET(record_answer, bx);
    OFFSET(record_answer, cx);
    OFFSET(record_answer, dx);
    OFFSET(record_answer, es);
    OFFSET(record_answer, di);
    OFFSET(record_answer, flags);
    OFFSET(replay_table, entry);
    OFFSET(replay_table, ip);
    OFFSET(replay_table, a20_on);
    OFFSET(replay_table, edd_check);
    OFFSET(replay_table, edd_parameters);
    OFFSET(replay_table, geometry);
    OFFSET(replay_table, e801);
    OFFSET(replay_table, extended);
    OFFSET(replay_table, low_kib);
    OFFSET(replay_table, ebda_segment);
    OFFSET(replay_table, heads);
    OFFSET(replay_table, parameters_bytes);
    OFFSET(replay_table, e820_count);
    OFFSET(replay_table, e820_after);
    OFFSET(replay_table, e820_asked);
    OFFSET(replay_table, drive);
    OFFSET(replay_table, edd_reads);
    OFFSET(replay_table, has_parameters);
    OFFSET(replay_table, has_geometry);
    OFFSET(replay_table, has_a20_on);
    OFFSET(replay_table, track_sectors);
    OFFSET(replay_table, a20_closed);
    OFFSET(replay_table, a20_opens);
    OFFSET(replay_table, parameters);
    OFFSET(replay_table, e820);
}
