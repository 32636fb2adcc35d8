/* SPDX-License-Identifier: MIT
 *
 * The quirks of the memory map. What an answer is worth is judged in C and tested
 * there; here it must only be kept as it came.
 */
#include "tests/emulated/stage2_cases.h"

static void with(struct rig *rig, enum e820 kind)
{
    struct pc_habits habits = pc_habits_plain();

    habits.e820 = kind;
    judge_road(rig, &habits);
    habits.careless = CARELESS - 1;
    judge_road(rig, &habits);
}

static void q41(struct rig *rig)
{
    with(rig, E820_TWENTY);
    with(rig, E820_TWENTY_FOUR);
}

static void q42(struct rig *rig)
{
    with(rig, E820_TWENTY_ONLY);
    rig_claim(rig, rig_answers(rig)->e820_count > 0, "asked again for 20 bytes");
}

static void q43(struct rig *rig)
{
    with(rig, E820_CARRY);
}

static void q44(struct rig *rig)
{
    with(rig, E820_LOSES_SIGNATURE);
}

static void q45(struct rig *rig)
{
    with(rig, E820_CHANGES_ONLY);
}

static void q46(struct rig *rig)
{
    with(rig, E820_TWICE);
    with(rig, E820_CIRCLE);
    with(rig, E820_ENDLESS);
    rig_claim(rig, rig->pc.asked <= MEMORY_ANSWERS_MAX, "asked no more often than there is room");
}

static void q47(struct rig *rig)
{
    with(rig, E820_HIGH_BITS);
}

static void q48(struct rig *rig)
{
    with(rig, E820_ODD);
}

static void q50(struct rig *rig)
{
    with(rig, E820_MANY);
}

static void q54(struct rig *rig)
{
    struct pc_habits habits = pc_habits_plain();

    habits.e801_by_cx = true;
    judge_road(rig, &habits);
    with(rig, E820_NONE);
    with(rig, E820_MUTE);
}

const struct stage2_case stage2_memory_cases[] = {
    { "q41", "20 bytes where 24 were asked for", q41 },
    { "q42", "24 bytes are too many", q42 },
    { "q43", "CF ends the list", q43 },
    { "q44", "the signature is lost on the way", q44 },
    { "q45", "only what changed is written", q45 },
    { "q46", "a list without end", q46 },
    { "q47", "a continuation with high bits; registers are lost", q47 },
    { "q48", "empty, overlapping and wrapping entries", q48 },
    { "q49", "types that nobody defined", q48 },
    { "q50", "312 entries", q50 },
    { "q54", "E801h in cx and dx, 88h with CF, no E820h", q54 },
    { NULL, NULL, NULL },
};
