/* SPDX-License-Identifier: MIT
 *
 * One test for each quirk of the catalogue that stage 1 meets.
 */
#include <stddef.h>

#include "base/compiler.h"
#include "hw/cpu.h"
#include "hw/edd.h"
#include "tests/emulated/stage1_cases.h"

#define LONG_COPY 65
#define FULL_COPY STAGE2_MAX_SECTORS

static void all_copies(struct habits *habits, enum method method, enum read_habit habit,
                       uint8_t number, uint8_t status)
{
    for (unsigned copy = 0; copy < COPIES; copy++)
        habits->read[method][copy] = (struct read_answer){
            .habit = (uint8_t)habit, .number = number, .status = status, .sector = SECTOR_ANY
        };
}

/* The same habits once for each ending: both methods good, CHS only, none. */
static void run_endings(struct rig *rig, struct habits habits)
{
    rig_run(rig, &habits);
    all_copies(&habits, BY_EDD, READ_ERROR, 0, INT13_E_TIMEOUT);
    rig_run(rig, &habits);
    all_copies(&habits, BY_CHS, READ_ERROR, 0, INT13_E_TIMEOUT);
    rig_run(rig, &habits);
}

static void q1(struct rig *rig)
{
    struct habits habits = habits_plain();

    habits.entry_07c0 = true;
    run_endings(rig, habits);
}

static void q2(struct rig *rig)
{
    static const uint8_t named[] = { 0x00, 0x12, 0x7F, 0xFF };

    for (unsigned i = 0; i < ARRAY_COUNT(named); i++) {
        struct habits habits = habits_plain();
        habits.drive_named = named[i];
        run_endings(rig, habits);
    }
}

static void q3(struct rig *rig)
{
    for (unsigned drive = 0x80; drive <= 0x8F; drive++) {
        struct habits habits = habits_plain();
        habits.drive_named = habits.drive_real = (uint8_t)drive;
        habits.others = OTHERS_DECOY;
        run_endings(rig, habits);
    }
}

static void q4(struct rig *rig)
{
    for (unsigned seed = 0; seed < 16; seed++) {
        struct habits habits = habits_plain();
        habits.entry_dirty = true;
        habits.seed = seed;
        run_endings(rig, habits);
    }
}

static void q5(struct rig *rig)
{
    static const uint32_t flags[] = { 0, RFLAGS_DF, RFLAGS_IF | RFLAGS_DF, RFLAGS_NT | RFLAGS_AC };

    for (unsigned i = 0; i < ARRAY_COUNT(flags); i++) {
        struct habits habits = habits_plain();
        habits.entry_flags = flags[i];
        habits.entry_dirty = true;
        run_endings(rig, habits);
    }
}

static void q7(struct rig *rig)
{
    struct habits habits = habits_plain();

    habits.bpb_scribbled = true;
    run_endings(rig, habits);
}

static void q13(struct rig *rig)
{
    struct habits habits = habits_plain();

    habits.edd = EDD_NO;
    habits.geometry = (struct geometry){ .track = 18, .highest_head = 1 };
    habits.drive_named = habits.drive_real = 0;
    run_endings(rig, habits);
    habits.others = OTHERS_DECOY;
    run_endings(rig, habits);
}

static void q15(struct rig *rig)
{
    struct habits habits = habits_plain();

    habits.edd = EDD_YES_DL_LOST;
    run_endings(rig, habits);
}

static void q16(struct rig *rig)
{
    struct habits habits = habits_plain();

    habits.edd = EDD_NO_WRITES;
    run_endings(rig, habits);
}

static void q17(struct rig *rig)
{
    for (enum edd_sign sign = EDD_MUTE; sign <= EDD_CX_KEPT; sign++)
        for (unsigned seed = 0; seed < 8; seed++) {
            struct habits habits = habits_plain();
            habits.edd = sign;
            habits.entry_dirty = true;
            habits.seed = seed;
            all_copies(&habits, BY_EDD, READ_HANG, 0, 0); /* whoever believes it is lost */
            rig_run(rig, &habits);
        }
}

static void q18(struct rig *rig)
{
    struct habits habits = habits_plain();

    all_copies(&habits, BY_EDD, READ_ERROR, 0, INT13_E_BAD_COMMAND);
    rig_run(rig, &habits);
}

/* The BIOS takes fewer sectors a call, and CHS is out of order: EDD must do. */
static void q19(struct rig *rig)
{
    static const uint8_t most[] = { 127, 63, 18, 1 };

    rig_use_short(rig, LONG_COPY);
    for (unsigned i = 0; i < ARRAY_COUNT(most); i++) {
        struct habits habits = habits_plain();
        all_copies(&habits, BY_EDD, READ_LIMIT, most[i], 0);
        all_copies(&habits, BY_CHS, READ_ERROR, 0, INT13_E_TIMEOUT);
        rig_run(rig, &habits);
    }
}

/* The longest copy fills its 64 KiB to the last byte, by packets of every size. */
static void q20(struct rig *rig)
{
    rig_use_short(rig, FULL_COPY);
    for (unsigned most = 1; most <= STAGE1_EDD_SECTORS; most *= 2) {
        struct habits habits = habits_plain();
        all_copies(&habits, BY_EDD, READ_LIMIT, (uint8_t)most, 0);
        all_copies(&habits, BY_CHS, READ_ERROR, 0, INT13_E_TIMEOUT);
        rig_run(rig, &habits);
    }
}

static void poisoned(struct rig *rig, uint8_t poison)
{
    for (unsigned seed = 0; seed < 8; seed++) {
        struct habits habits = habits_plain();
        habits.poison = poison;
        habits.seed = seed;
        run_endings(rig, habits);
        all_copies(&habits, BY_EDD, READ_ERROR_TIMES, 2, INT13_E_TIMEOUT);
        rig_run(rig, &habits);
    }
}

static void q21(struct rig *rig)
{
    rig_use_short(rig, LONG_COPY);
    poisoned(rig, POISON_REGISTERS);
}

static void q22(struct rig *rig)
{
    poisoned(rig, POISON_IF_OFF);
    poisoned(rig, POISON_IF_ON);
    poisoned(rig, POISON_DF);
}

static void q23(struct rig *rig)
{
    struct habits habits = habits_plain();

    all_copies(&habits, BY_EDD, READ_STUCK, 0, INT13_E_CONTROLLER);
    all_copies(&habits, BY_CHS, READ_STUCK, 0, INT13_E_CONTROLLER);
    rig_run(rig, &habits);
    habits.edd = EDD_NO;
    rig_run(rig, &habits);
}

/* CF without a code is an error all the same. */
static void q24(struct rig *rig)
{
    struct habits habits = habits_plain();

    all_copies(&habits, BY_EDD, READ_ERROR, 0, INT13_OK);
    rig_run(rig, &habits);
    all_copies(&habits, BY_CHS, READ_ERROR, 0, INT13_OK);
    rig_run(rig, &habits);
}

static void q25(struct rig *rig)
{
    static const enum read_habit kinds[] = { READ_SHORT, READ_PARTIAL, READ_NOTHING, READ_WRONG };

    rig_use_short(rig, LONG_COPY);
    for (unsigned i = 0; i < ARRAY_COUNT(kinds); i++) {
        struct habits habits = habits_plain();
        all_copies(&habits, BY_EDD, kinds[i], WRONG_BIT, INT13_E_MEDIA_TYPE);
        run_endings(rig, habits);
    }
    rig_use_short(rig, 1);
    for (uint8_t kind = 0; kind < WRONG_DATA; kind++) {
        struct habits habits = habits_plain();
        all_copies(&habits, BY_EDD, READ_WRONG, kind, 0);
        run_endings(rig, habits);
    }
}

static void q26(struct rig *rig)
{
    struct habits habits = habits_plain();

    rig_use_short(rig, LONG_COPY);
    all_copies(&habits, BY_EDD, READ_PACKET_ZEROED, 0, 0);
    rig_run(rig, &habits);
}

static void q30(struct rig *rig)
{
    for (uint8_t track = 0; track <= STAGE1_TRACK_MIN; track++) {
        struct habits habits = habits_plain();
        habits.edd = EDD_NO;
        habits.geometry.track = track;
        rig_run(rig, &habits);
    }
    struct habits refused = habits_plain();
    refused.edd = EDD_NO;
    refused.geometry.fails = true;
    refused.geometry.status = INT13_E_BAD_COMMAND;
    rig_run(rig, &refused);
}

static void q35(struct rig *rig)
{
    struct habits habits = habits_plain();

    rig_use_short(rig, LONG_COPY);
    habits.edd = EDD_NO;
    rig_run(rig, &habits); /* a call for more than one sector by CHS breaks a rule */
}

/* Nothing boots, so all four digits are printed by a BIOS that destroys registers. */
static void q36(struct rig *rig)
{
    struct habits habits = habits_plain();

    habits.edd = EDD_NO;
    all_copies(&habits, BY_CHS, READ_ERROR, 0, INT13_E_TIMEOUT);
    habits.poison = POISON_REGISTERS;
    rig_run(rig, &habits);
}

static void q38(struct rig *rig)
{
    struct habits habits = habits_plain();

    habits.edd = EDD_NO;
    all_copies(&habits, BY_CHS, READ_ERROR, 0, INT13_E_TIMEOUT);
    for (habits.page = 0; habits.page < 8; habits.page++)
        rig_run(rig, &habits);
}

static void q62(struct rig *rig)
{
    poisoned(rig, POISON_GDT);
}

const struct stage1_case stage1_cases[] = {
    { "q1", "entered at 07C0:0000", q1 },
    { "q2", "DL is no hard disk", q2 },
    { "q3", "DL is another hard disk", q3 },
    { "q4", "segments and stack are anything", q4 },
    { "q5", "flags are anything", q5 },
    { "q7", "the BIOS writes over the BPB", q7 },
    { "q13", "a stick posing as a floppy disk", q13 },
    { "q15", "AH=41h loses DL", q15 },
    { "q16", "AH=41h writes through DS", q16 },
    { "q17", "AH=41h says yes by mistake", q17 },
    { "q18", "EDD is offered and does not work", q18 },
    { "q19", "few sectors in one call", q19 },
    { "q20", "no read crosses 64 KiB", q20 },
    { "q21", "registers are lost", q21 },
    { "q22", "IF and DF are changed", q22 },
    { "q23", "an error stays until a reset", q23 },
    { "q24", "CF without a status", q24 },
    { "q25", "half of it, or nothing, or other data", q25 },
    { "q26", "the packet is changed", q26 },
    { "q30", "no sectors in a track, or no answer at all", q30 },
    { "q35", "by CHS one sector at a time", q35 },
    { "q36", "teletype loses BP", q36 },
    { "q37", "teletype loses AX", q36 },
    { "q38", "the page that is shown", q38 },
    { "q62", "GDTR is changed", q62 },
    { NULL, NULL, NULL },
};
