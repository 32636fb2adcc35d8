/* SPDX-License-Identifier: MIT
 *
 * Full products of equivalence classes. What the answers of one product leave open
 * (flags on entry, rubbish in registers, the page that is shown ...) is by chance in
 * it, and a full product in another. Answers that are never asked for are not
 * varied: the oracle tells.
 */
#include "base/compiler.h"
#include "hw/cpu.h"
#include "hw/edd.h"
#include "tests/emulated/stage1_cases.h"

#define ALL_DRIVES 256
#define ERROR_CF   0x00 /* CF alone says that something went wrong (Q24) */

/* An answer for each sector of the copy. */
#define EACH(kind, count, code)                                                                    \
    {                                                                                              \
        .habit = (kind), .number = (count), .status = (code), .sector = SECTOR_ANY                 \
    }

const struct read_answer stage1_reads[] = {
    EACH(READ_GOOD, 0, 0),
    EACH(READ_ERROR, 0, INT13_E_TIMEOUT),
    EACH(READ_ERROR_TIMES, 1, INT13_E_CONTROLLER),
    EACH(READ_ERROR_TIMES, 3, INT13_E_UNCORRECTABLE),
    EACH(READ_ERROR_TIMES, 4, INT13_E_SEEK),
    EACH(READ_ERROR_TIMES, 9, INT13_E_ADDRESS_MARK),
    EACH(READ_ERROR_TIMES, 13, ERROR_CF),
    EACH(READ_STUCK, 0, INT13_E_CONTROLLER),
    EACH(READ_WRONG, WRONG_BIT, 0),
    EACH(READ_WRONG, WRONG_NOISE, 0),
    EACH(READ_NOTHING, 0, 0),
    EACH(READ_PARTIAL, 0, INT13_E_MEDIA_TYPE),
    EACH(READ_PACKET_ZEROED, 0, 0),
    EACH(READ_HANG, 0, 0),
    /* From here on for the first method only. */
    EACH(READ_ERROR, 0, INT13_E_BAD_COMMAND),
    EACH(READ_ERROR, 0, INT13_E_SECTOR_NOT_FOUND),
    EACH(READ_ERROR, 0, INT13_E_DMA_BOUNDARY),
    EACH(READ_ERROR, 0, ERROR_CF),
    EACH(READ_ERROR_TIMES, 10, INT13_E_TIMEOUT),
    EACH(READ_WRONG, WRONG_ZEROS, 0),
    EACH(READ_WRONG, WRONG_ONES, 0),
    EACH(READ_WRONG, WRONG_SWAPPED, 0),
    EACH(READ_WRONG, WRONG_WEIGHED, 0),
    EACH(READ_SHORT, 0, 0),
    EACH(READ_LIMIT, 1, 0),
};
const unsigned stage1_reads_count = ARRAY_COUNT(stage1_reads);
#define READS_SECOND 14

static const struct geometry geometries[] = {
    { .track = 63, .highest_head = 254 },
    { .fails = true, .status = INT13_E_BAD_COMMAND },
    { .track = 0 },
    { .track = 18, .highest_head = 1 },
    { .track = 8, .highest_head = 0 },
    { .track = 63, .highest_head = 255 },
    { .track = 7, .highest_head = 15 },
    { .track = 63, .highest_head = 15 },
    { .track = 1, .highest_head = 0 },
    { .fails = true, .status = INT13_E_TIMEOUT, .track = 63 },
};
#define GEOMETRIES_FIRST 3

static const uint32_t entry_flags[] = {
    0,
    RFLAGS_IF,
    RFLAGS_DF,
    RFLAGS_NT,
    RFLAGS_IF | RFLAGS_DF | RFLAGS_CF,
    RFLAGS_NT | RFLAGS_AC | RFLAGS_DF,
    RFLAGS_IF | RFLAGS_NT | RFLAGS_OF | RFLAGS_SF,
};

void habits_mix_manners(struct habits *habits, struct random *random)
{
    static const uint8_t pages[] = { 0, 1, 7 };

    habits->entry_07c0 = random_below(random, 2) != 0;
    habits->entry_dirty = random_below(random, 2) != 0;
    habits->entry_flags = entry_flags[random_below(random, ARRAY_COUNT(entry_flags))];
    habits->bpb_scribbled = random_below(random, 2) != 0;
    habits->poison = (uint8_t)random_below(random, POISONS);
    habits->page = pages[random_below(random, ARRAY_COUNT(pages))];
    habits->key = (enum key_habit)random_below(random, KEYS);
    habits->seed = random_next(random);
}

/* Whether this run is the same as one before: an answer that differs is never asked for. */
static bool is_idle(const struct rig *rig, const struct habits *habits, const unsigned *choice)
{
    const struct prediction end = oracle(habits, rig->disk.sectors);
    unsigned asked = METHODS * COPIES;

    if (end.outcome != OUTCOME_STOPS)
        asked = end.method * COPIES + end.copy + 1;
    for (unsigned i = asked; i < METHODS * COPIES; i++)
        if (choice[i] != 0)
            return true;
    return false;
}

static void try_reads(struct rig *rig, struct habits *habits, const unsigned *choice,
                      struct random *random)
{
    for (unsigned i = 0; i < METHODS * COPIES; i++)
        habits->read[i / COPIES][i % COPIES] = stage1_reads[choice[i]];
    if (is_idle(rig, habits, choice))
        return;
    habits_mix_manners(habits, random);
    rig_run_in_turn(rig, habits);
}

/* Go on to the next choice of numbers below `limits`; false after the last. */
static bool advance(unsigned *choice, const unsigned *limits, unsigned count)
{
    for (unsigned i = count; i-- > 0;) {
        if (++choice[i] < limits[i])
            return true;
        choice[i] = 0;
    }
    return false;
}

/* Every reading of both copies by both methods. */
void product_reads(struct rig *rig)
{
    const unsigned limits[] = { stage1_reads_count, stage1_reads_count, READS_SECOND,
                                READS_SECOND };
    struct random random = { 1 };

    for (unsigned i = 0; i < GEOMETRIES_FIRST; i++) {
        unsigned choice[METHODS * COPIES] = { 0 };
        struct habits habits = habits_plain();
        habits.geometry = geometries[i];
        do {
            try_reads(rig, &habits, choice, &random);
        } while (advance(choice, limits, ARRAY_COUNT(limits)));
    }
}

/* Every lie about EDD, every geometry, every reading by CHS, on the drive named and on others. */
void product_lies(struct rig *rig)
{
    static const uint8_t drives[][2] = {
        { 0x80, 0x80 }, { 0x00, 0x80 }, { 0x00, 0x00 }, { 0x8F, 0x8F }, { 0xFF, 0x80 }
    };
    const unsigned limits[] = { ARRAY_COUNT(drives), OTHERS, ARRAY_COUNT(geometries), EDD_SIGNS };
    const unsigned read_limits[] = { 1, 1, READS_SECOND, READS_SECOND };
    unsigned choice[ARRAY_COUNT(limits)] = { 0 };
    struct random random = { 2 };

    do {
        unsigned reads[METHODS * COPIES] = { 0 };
        struct habits habits = habits_plain();
        habits.drive_named = drives[choice[0]][0];
        habits.drive_real = drives[choice[0]][1];
        habits.others = choice[1];
        habits.geometry = geometries[choice[2]];
        habits.edd = choice[3];
        do {
            try_reads(rig, &habits, reads, &random);
        } while (advance(reads, read_limits, ARRAY_COUNT(read_limits)));
    } while (advance(choice, limits, ARRAY_COUNT(limits)));
}

/* What the disk does in the products of what is not the disk: boots, each way; does not. */
static void set_fate(struct habits *habits, unsigned fate)
{
    const struct read_answer bad = EACH(READ_ERROR, 0, INT13_E_TIMEOUT);

    for (unsigned i = 0; i < METHODS * COPIES && i < fate; i++)
        habits->read[i / COPIES][i % COPIES] = bad;
}
#define FATES (METHODS * COPIES + 1)

/* All numbers that DL can have, and where the disk then really is. */
void product_drives(struct rig *rig)
{
    const unsigned limits[] = { ALL_DRIVES, 3, OTHERS, FATES, 2 };
    unsigned choice[ARRAY_COUNT(limits)] = { 0 };
    struct random random = { 3 };

    do {
        struct habits habits = habits_plain();
        const uint8_t named = (uint8_t)choice[0];
        habits.drive_named = named;
        habits.drive_real = choice[1] == 0 ? named : choice[1] == 1 ? 0x80 : 0x81;
        habits.others = choice[2];
        set_fate(&habits, choice[3]);
        habits.edd = choice[4] == 0 ? EDD_YES_DL_LOST : EDD_NO_WRITES;
        habits_mix_manners(&habits, &random);
        rig_run_in_turn(rig, &habits);
    } while (advance(choice, limits, ARRAY_COUNT(limits)));
}

/* Entry, flags, rubbish, page, keys. */
void product_manners(struct rig *rig)
{
    const unsigned limits[] = { 2, 2, ARRAY_COUNT(entry_flags), 2, POISONS, 3, KEYS, FATES };
    unsigned choice[ARRAY_COUNT(limits)] = { 0 };
    struct random random = { 4 };

    do {
        struct habits habits = habits_plain();
        habits.entry_07c0 = choice[0] != 0;
        habits.entry_dirty = choice[1] != 0;
        habits.entry_flags = entry_flags[choice[2]];
        habits.bpb_scribbled = choice[3] != 0;
        habits.poison = (uint8_t)choice[4];
        habits.page = (uint8_t)choice[5];
        habits.key = choice[6];
        habits.seed = random_next(&random);
        set_fate(&habits, choice[7]);
        rig_run_in_turn(rig, &habits);
    } while (advance(choice, limits, ARRAY_COUNT(limits)));
}

/* Longer copies: limits of a call, and one bad sector in each place where reads begin or end. */
void product_lengths(struct rig *rig)
{
    const uint8_t last = (uint8_t)(rig->disk.sectors - 1);
    const uint8_t places[] = { 0, 1, 31, 62, STAGE1_EDD_SECTORS - 1, STAGE1_EDD_SECTORS, last };
    const uint8_t most[] = { 127, 63, 32, 18, 1 };
    struct random random = { 5 };

    for (unsigned kind = 0; kind < 2; kind++) {
        for (unsigned i = 0; i < ARRAY_COUNT(most); i++) {
            struct habits habits = habits_plain();
            const struct read_answer answer = EACH(READ_LIMIT, most[i], 0);
            habits.read[BY_EDD][kind] = answer;
            if (kind == COPY_B)
                set_fate(&habits, 1);
            habits_mix_manners(&habits, &random);
            rig_run(rig, &habits);
        }
        for (unsigned i = 0; i < ARRAY_COUNT(places) * stage1_reads_count; i++) {
            struct habits habits = habits_plain();
            struct read_answer *const answer = &habits.read[kind == 0 ? BY_EDD : BY_CHS][COPY_A];
            *answer = stage1_reads[i % stage1_reads_count];
            answer->sector = places[i / stage1_reads_count];
            habits.edd = kind == 0 ? EDD_YES : EDD_NO;
            habits_mix_manners(&habits, &random);
            rig_run(rig, &habits);
        }
    }
}

struct habits habits_by_chance(struct random *random, unsigned sectors)
{
    struct habits habits = habits_plain();
    const bool usual = random_below(random, 2) != 0;

    habits.edd = (enum edd_sign)random_below(random, EDD_SIGNS);
    habits.geometry = (struct geometry){
        .fails = random_below(random, 8) == 0,
        .status = (uint8_t)random_next(random),
        .track = (uint8_t)random_below(random, 64),
        .highest_head = (uint8_t)random_next(random),
    };
    for (unsigned i = 0; i < METHODS * COPIES; i++) {
        struct read_answer *const answer = &habits.read[i / COPIES][i % COPIES];
        *answer = stage1_reads[random_below(random, stage1_reads_count)];
        answer->status = (uint8_t)random_next(random);
        if (random_below(random, 2) != 0)
            answer->sector = (uint8_t)random_below(random, sectors);
    }
    habits.drive_named = (uint8_t)random_next(random);
    habits.drive_real = usual ? habits.drive_named : 0x80;
    habits.others = (enum other_drives)random_below(random, OTHERS);
    habits_mix_manners(&habits, random);
    return habits;
}
