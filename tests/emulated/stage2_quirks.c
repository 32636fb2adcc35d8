/* SPDX-License-Identifier: MIT
 *
 * One test for each quirk that stage 2 meets on its road to long mode: gate A20, CPU
 * and console.
 */
#include <string.h>

#include "hw/i8042.h"
#include "hw/pc_ports.h"
#include "tests/emulated/stage2_cases.h"

/* A20 is off, and only the way under test can open it. */
static struct pc_habits closed(enum bios_gate gate, enum fast_gate fast, enum keyboard keyboard)
{
    struct pc_habits habits = pc_habits_plain();

    habits.a20_on = false;
    habits.gate = gate;
    habits.fast = fast;
    habits.keyboard = keyboard;
    return habits;
}

static void a20_on(struct rig *rig)
{
    struct pc_habits habits = pc_habits_plain();

    habits.keyboard = KEYBOARD_FORBIDDEN;
    judge_road(rig, &habits);
    rig_claim(rig, rig->pc.write_count == 0, "no gate is touched when A20 is on (Q61)");
}

static void q22(struct rig *rig)
{
    static const uint8_t kinds[] = { CARELESS_IF_OFF, CARELESS_DF, CARELESS_IF_OFF | CARELESS_DF };

    for (unsigned i = 0; i < sizeof(kinds); i++) {
        struct pc_habits habits = closed(GATE_WORKS, FAST_ABSENT, KEYBOARD_ABSENT);
        habits.careless = kinds[i];
        judge_road(rig, &habits);
    }
}

static void q36(struct rig *rig)
{
    struct pc_habits habits = pc_habits_plain();

    for (habits.seed = 0; habits.seed < 4; habits.seed++) {
        habits.careless = CARELESS_REGISTERS | CARELESS_SEGMENTS;
        judge_road(rig, &habits);
        rig_claim(rig, judge_printed(rig, "coldstart: cpu, a20, memory, long mode\r\n"),
                  "every letter is printed");
    }
}

static void q38(struct rig *rig)
{
    struct pc_habits habits = pc_habits_plain();

    for (habits.page = 0; habits.page < 8; habits.page++)
        judge_road(rig, &habits);
}

static void q55(struct rig *rig)
{
    struct pc_habits habits = closed(GATE_LIES, FAST_WORKS, KEYBOARD_FORBIDDEN);

    judge_road(rig, &habits);
    habits = closed(GATE_WORKS, FAST_ABSENT, KEYBOARD_FORBIDDEN);
    habits.settle = 5000; /* it takes effect late */
    judge_road(rig, &habits);
    habits = closed(GATE_DENIES, FAST_ABSENT, KEYBOARD_FORBIDDEN);
    judge_road(rig, &habits);
    habits = closed(GATE_UNKNOWN, FAST_WORKS, KEYBOARD_FORBIDDEN);
    habits.careless = CARELESS_IF_OFF | CARELESS_DF | CARELESS_REGISTERS | CARELESS_SEGMENTS;
    judge_road(rig, &habits);
}

/* No controller, or one that answers without end: an error, not a hang. */
static void q56(struct rig *rig)
{
    static const enum keyboard kinds[] = { KEYBOARD_ABSENT, KEYBOARD_NEVER, KEYBOARD_ENDLESS,
                                           KEYBOARD_STOPS };

    for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct pc_habits habits = closed(GATE_UNKNOWN, FAST_ABSENT, kinds[i]);
        judge_road(rig, &habits);
    }
}

static void q57(struct rig *rig)
{
    const struct pc_habits habits = closed(GATE_UNKNOWN, FAST_WORKS, KEYBOARD_FORBIDDEN);

    judge_road(rig, &habits);
    rig_claim(rig, rig->pc.write_count > 0 && rig->pc.writes[0].port == PORT_SYSTEM_A,
              "port 92h comes first");
}

static void q58(struct rig *rig)
{
    static const struct port_record wanted[] = {
        { I8042_COMMAND, I8042_WRITE_OUTPUT },
        { I8042_DATA, I8042_OUTPUT_A20_ON },
        { I8042_COMMAND, I8042_NULL },
    };
    const struct pc_habits habits = closed(GATE_UNKNOWN, FAST_ABSENT, KEYBOARD_WORKS);

    judge_road(rig, &habits);
    rig_claim(rig, rig->pc.write_count == 3 && memcmp(rig->pc.writes, wanted, sizeof(wanted)) == 0,
              "D1h, DFh, and the null command FFh behind it");
}

static void q59(struct rig *rig)
{
    const struct pc_habits habits = closed(GATE_UNKNOWN, FAST_RESET_BIT, KEYBOARD_FORBIDDEN);

    judge_road(rig, &habits); /* a write of bit 0 breaks a rule */
}

static void q60(struct rig *rig)
{
    static const unsigned looks[] = { 1, 100, 100000 };

    for (unsigned i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        struct pc_habits habits = closed(GATE_UNKNOWN, FAST_WORKS, KEYBOARD_FORBIDDEN);
        habits.settle = looks[i];
        judge_road(rig, &habits);
        habits = closed(GATE_UNKNOWN, FAST_ABSENT, KEYBOARD_WORKS);
        habits.settle = looks[i];
        judge_road(rig, &habits);
    }
}

/* A controller that takes the byte and nothing behind it: no null command, but A20. */
static void q56_dead(struct rig *rig)
{
    const struct pc_habits habits = closed(GATE_UNKNOWN, FAST_ABSENT, KEYBOARD_STOPS_LATE);

    judge_road(rig, &habits);
    rig_claim(rig, rig->pc.write_count == 2, "nothing is written to a controller that is busy");
}

static void q61(struct rig *rig)
{
    static const enum keyboard kinds[] = { KEYBOARD_FULL, KEYBOARD_LEAVES };

    for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct pc_habits habits = closed(GATE_UNKNOWN, FAST_ABSENT, kinds[i]);
        judge_road(rig, &habits);
    }
    a20_on(rig);
}

static void cpus(struct rig *rig)
{
    for (unsigned cpu = 0; cpu < CPUS; cpu++) {
        struct pc_habits habits = pc_habits_plain();
        habits.cpu = (enum cpu)cpu;
        judge_road(rig, &habits);
        if (cpu == CPU_NO_LONG_MODE)
            rig_claim(rig, judge_printed(rig, ", CPU GenuineIntel 000306C4h"), "it says which");
    }
}

static void consoles(struct rig *rig)
{
    for (unsigned uart = 0; uart < UARTS; uart++) {
        struct pc_habits habits = pc_habits_plain();
        habits.uart = (enum uart)uart;
        habits.e9 = uart % 2 == 0;
        judge_road(rig, &habits);
    }
}

const struct stage2_case stage2_road_cases[] = {
    { "q22", "IF and DF are changed", q22 },
    { "q36", "teletype loses BP", q36 },
    { "q37", "teletype loses AX", q36 },
    { "q38", "the page that is shown", q38 },
    { "q55", "the BIOS lies about A20, or is late", q55 },
    { "q56", "no keyboard controller, or an endless one", q56 },
    { "q57", "port 92h before the keyboard controller", q57 },
    { "q58", "the null command behind the keyboard controller's A20", q58 },
    { "q56", "a keyboard controller that dies on the way", q56_dead },
    { "q59", "bit 0 of port 92h is never written as 1", q59 },
    { "q60", "A20 comes late", q60 },
    { "q61", "the keyboard controller's output is drained", q61 },
    { "a20", "A20 is on already", a20_on },
    { "cpus", "no CPUID, no long mode, no TSC, no NX", cpus },
    { "consoles", "serial ports that are absent, slow, dead; no port E9h", consoles },
    { NULL, NULL, NULL },
};
