/* SPDX-License-Identifier: MIT
 *
 * Habits to begin with, and in words for whoever must repeat a run.
 */
#include "tests/emulated/habits.h"

#include <stdio.h>

#include "boot/stage1.h"

struct habits habits_plain(void)
{
    const struct read_answer good = { .habit = READ_GOOD, .sector = SECTOR_ANY };

    return (struct habits){
        .read = { { good, good }, { good, good } },
        .geometry = { .track = 63, .highest_head = 15 },
        .drive_named = STAGE1_DRIVE_FIRST,
        .drive_real = STAGE1_DRIVE_FIRST,
        .seed = 1,
    };
}

void habits_print(const struct habits *habits)
{
    static const char *const edd[EDD_SIGNS] = { "yes",        "yes, DL lost", "no",
                                                "mute",       "carry kept",   "no magic",
                                                "no packets", "CX kept",      "no, writes DS:41h" };
    static const char *const read[READ_HABITS] = { "good",  "error",   "error times",
                                                   "stuck", "limit",   "packet zeroed",
                                                   "short", "nothing", "partial",
                                                   "wrong", "hang" };

    printf("  edd %s;", edd[habits->edd]);
    for (unsigned method = 0; method < METHODS; method++)
        for (unsigned copy = 0; copy < COPIES; copy++) {
            const struct read_answer *answer = &habits->read[method][copy];
            printf(" %s %c: %s %u status %02X sector %u;", method == BY_EDD ? "EDD" : "CHS",
                   'A' + (int)copy, read[answer->habit], answer->number, answer->status,
                   answer->sector);
        }
    printf("\n  geometry fails %d status %02X, %u sectors, highest head %u; drive %02X named, %02X "
           "real, others %d;\n",
           habits->geometry.fails, habits->geometry.status, habits->geometry.track,
           habits->geometry.highest_head, habits->drive_named, habits->drive_real, habits->others);
    printf("  07C0h %d, dirty %d, flags %04X, BPB scribbled %d, poison %02X, page %u, key %d, "
           "seed %llu\n",
           habits->entry_07c0, habits->entry_dirty, (unsigned)habits->entry_flags,
           habits->bpb_scribbled, habits->poison, habits->page, habits->key,
           (unsigned long long)habits->seed);
}
