/* SPDX-License-Identifier: MIT
 *
 * The end of a boot that failed, and products of everything.
 */
#include "tests/emulated/stage2_cases.h"

/* A machine that cannot boot. */
static struct pc_habits hopeless(void)
{
    struct pc_habits habits = pc_habits_plain();

    habits.cpu = CPU_NO_LONG_MODE;
    return habits;
}

/* No key ever, once with a clock and once with one that stands. */
static void q40(struct rig *rig)
{
    struct pc_habits habits = hopeless();

    habits.key_polls = 0;
    judge_road(rig, &habits);
    habits.ticks_polls = 0;
    judge_road(rig, &habits);
}

static void keys(struct rig *rig)
{
    static const unsigned before[] = { 0, 1, 15, 32, 40 };

    for (unsigned i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        struct pc_habits habits = hopeless();
        habits.keys_before = before[i];
        habits.key_polls = 100;
        habits.careless = CARELESS - 1;
        judge_road(rig, &habits);
    }
}

/* Each way to leave: INT 18h keeps the machine; the controller resets it; nothing does. */
static void leaving(struct rig *rig)
{
    static const enum keyboard kinds[] = { KEYBOARD_WORKS, KEYBOARD_ABSENT, KEYBOARD_NEVER,
                                           KEYBOARD_SLOW };

    for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct pc_habits habits = hopeless();
        habits.keyboard = kinds[i];
        judge_road(rig, &habits);
        habits.no_boot_returns = false;
        judge_road(rig, &habits);
    }
}

/* Every gate, each at once and late; no more than one of them in vain, which takes a second. */
static void a20_product(struct rig *rig)
{
    for (unsigned i = 0; i < GATES * FAST_GATES * KEYBOARDS * 2; i++) {
        struct pc_habits habits = pc_habits_plain();
        habits.a20_on = false;
        habits.gate = (enum bios_gate)(i % GATES);
        habits.fast = (enum fast_gate)(i / GATES % FAST_GATES);
        habits.keyboard = (enum keyboard)(i / GATES / FAST_GATES % KEYBOARDS);
        habits.settle = i % 2 == 0 ? 0 : 3;
        habits.careless = (uint8_t)(i * 7 % CARELESS);
        const bool opens = habits.gate == GATE_WORKS || habits.gate == GATE_DENIES;
        const bool forbidden = habits.keyboard == KEYBOARD_FORBIDDEN && !opens &&
                               habits.fast != FAST_WORKS && habits.fast != FAST_RESET_BIT;
        const bool in_vain = !opens && (habits.gate == GATE_LIES || habits.fast == FAST_NO_EFFECT);
        if (!forbidden && (!in_vain || i % 9 == 0))
            judge_road(rig, &habits);
    }
}

/* What neither gates nor CPUs nor the memory map say. */
static void mix(struct pc_habits *habits, struct random *random)
{
    habits->e801_by_cx = random_below(random, 2) != 0;
    habits->careless = (uint8_t)random_below(random, CARELESS);
    habits->page = (uint8_t)random_below(random, 8);
    habits->keys_before = (unsigned)random_below(random, 3);
    habits->seed = random_next(random);
}

/* CPU, console, memory map; what they leave open is by chance. */
static void road_product(struct rig *rig)
{
    struct random random = { 1 };

    for (unsigned i = 0; i < CPUS * UARTS * 2 * E820S; i++) {
        struct pc_habits habits = pc_habits_plain();
        habits.cpu = (enum cpu)(i % CPUS);
        habits.uart = (enum uart)(i / CPUS % UARTS);
        habits.e820 = (enum e820)(i / CPUS / UARTS % E820S);
        habits.e9 = i / CPUS / UARTS / E820S != 0;
        mix(&habits, &random);
        judge_road(rig, &habits);
    }
}

void stage2_chance(struct rig *rig, struct random *random)
{
    struct pc_habits habits = pc_habits_plain();

    habits.a20_on = random_below(random, 4) == 0;
    habits.gate = (enum bios_gate)random_below(random, GATES);
    habits.fast = (enum fast_gate)random_below(random, FAST_GATES);
    habits.keyboard = (enum keyboard)random_below(random, KEYBOARD_FORBIDDEN);
    habits.settle = (unsigned)random_below(random, 4);
    habits.uart = (enum uart)random_below(random, UARTS);
    habits.cpu = (enum cpu)random_below(random, CPUS);
    habits.e820 = (enum e820)random_below(random, E820S);
    habits.e9 = random_below(random, 2) != 0;
    habits.no_boot_returns = random_below(random, 2) != 0;
    mix(&habits, random);
    judge_road(rig, &habits);
}

const struct stage2_case stage2_end_cases[] = {
    { "q40", "no key is ever pressed", q40 },
    { "keys", "keys that were pressed before", keys },
    { "leaving", "INT 18h, reset line, shutdown", leaving },
    { NULL, NULL, NULL },
};

const struct stage2_case stage2_products[] = {
    { "gates", "every gate of A20 with every other", a20_product },
    { "roads", "every CPU, console and memory map", road_product },
    { NULL, NULL, NULL },
};
