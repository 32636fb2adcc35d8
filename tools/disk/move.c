/* SPDX-License-Identifier: MIT
 *
 * See move.h.
 */
#include "tools/disk/move.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GAP_FIRST_SECTOR 1

/* A run of sectors that are to change; of no sectors: there is none left. */
struct run {
    uint32_t first, sectors;
};

static bool differs(const struct head *one, const struct head *other, uint32_t lba)
{
    return memcmp(one->sector[lba], other->sector[lba], SECTOR_BYTES) != 0;
}

/* The next run at or behind `from`, before `end`. */
static struct run next_run(const struct move *move, uint32_t from, uint32_t end)
{
    struct run run = { from, 0 };

    while (run.first < end && !differs(&move->before, &move->after, run.first))
        run.first++;
    while (run.first + run.sectors < end &&
           differs(&move->before, &move->after, run.first + run.sectors))
        run.sectors++;
    return run;
}

void move_differences(const struct move *move, char text[MOVE_TEXT_BYTES])
{
    const uint32_t end = move->before.count;
    struct run run = next_run(move, GAP_FIRST_SECTOR, end);
    size_t used = 0;

    text[0] = '\0';
    while (run.sectors != 0 && used < MOVE_TEXT_BYTES) {
        const struct run next = next_run(move, run.first + run.sectors, end);
        const char *const joint = used == 0 ? "sectors" : next.sectors == 0 ? " and" : ",";
        used += (size_t)snprintf(text + used, MOVE_TEXT_BYTES - used, "%s %" PRIu32 " to %" PRIu32,
                                 joint, run.first, run.first + run.sectors - 1);
        run = next;
    }
}

/* ---- reading */

static bool refuse_problem(const struct device_problem *problem, struct refusal *why)
{
    if (problem->error == 0)
        return refuse(why, "cannot %s the disk", problem->verb);
    return refuse(why, "cannot %s the disk at sector %" PRIu64 ": %s", problem->verb,
                  problem->offset / SECTOR_BYTES, strerror(problem->error));
}

/* The lowest sector that differs, or `count` when all are the same. */
static uint32_t first_difference(const struct head *one, const struct head *other)
{
    uint32_t lba = 0;

    while (lba < one->count && !differs(one, other, lba))
        lba++;
    return lba;
}

/* Is the disk what it is believed to be? */
static bool is_as_expected(const struct device *device, const struct head *expected,
                           const char *otherwise, struct refusal *why)
{
    static struct head now;
    struct device_problem problem;

    if (!head_read(&now, device, &problem))
        return refuse_problem(&problem, why);
    if (now.disk_sectors != expected->disk_sectors || now.count != expected->count)
        return refuse(why, "the disk has another size than before");
    const uint32_t lba = first_difference(&now, expected);
    if (lba == expected->count)
        return true;
    return refuse(why, "sector %" PRIu32 " %s", lba, otherwise);
}

/* ---- writing */

/* Write what changes from `first` to before `end`, and see it on the medium. */
static bool write_part(struct move *move, const struct device *device, uint32_t first, uint32_t end,
                       struct head *expected, struct refusal *why)
{
    struct device_problem problem;

    if (!is_as_expected(device, expected,
                        "is not what was read a moment ago: something else "
                        "writes to this disk",
                        why))
        return false;
    move->is_begun = true;
    for (struct run run = next_run(move, first, end); run.sectors != 0;
         run = next_run(move, run.first + run.sectors, end)) {
        const size_t bytes = (size_t)run.sectors * SECTOR_BYTES;
        const uint8_t *const from = move->after.sector[run.first];
        if (!device_write(device, (uint64_t)run.first * SECTOR_BYTES, from, bytes, &problem))
            return refuse_problem(&problem, why);
        memcpy(expected->sector[run.first], from, bytes);
    }
    if (!device_flush(device, &problem))
        return refuse_problem(&problem, why);
    return is_as_expected(device, expected, "does not read back as it was written", why);
}

bool move_run(struct move *move, const struct device *device, enum move_order order,
              struct refusal *why)
{
    static struct head expected;
    const uint32_t end = move->before.count;

    expected = move->before;
    if (order == MOVE_SECTOR0_FIRST)
        return write_part(move, device, 0, GAP_FIRST_SECTOR, &expected, why) &&
               write_part(move, device, GAP_FIRST_SECTOR, end, &expected, why);
    return write_part(move, device, GAP_FIRST_SECTOR, end, &expected, why) &&
           write_part(move, device, 0, GAP_FIRST_SECTOR, &expected, why);
}

enum move_state move_look(const struct move *move, const struct device *device)
{
    static struct head now;
    struct device_problem problem;

    if (!head_read(&now, device, &problem))
        return MOVE_UNREADABLE;
    if (first_difference(&now, &move->before) == now.count)
        return MOVE_AS_BEFORE;
    if (first_difference(&now, &move->after) == now.count)
        return MOVE_AS_AFTER;
    if (!differs(&now, &move->before, 0))
        return MOVE_OLD_SECTOR0;
    return differs(&now, &move->after, 0) ? MOVE_STRANGE : MOVE_NEW_SECTOR0;
}
