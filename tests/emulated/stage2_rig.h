/* SPDX-License-Identifier: MIT
 *
 * The shipped stage 2's 16-bit code on a PC of our own: its whole road, or one of
 * its services. The emulator's CPU stops where long mode would begin; the way down
 * again is entered through a jump that the test puts there.
 */
#pragma once

#include "stage2/real/answers.h"
#include "stage2/real/exchange.h"
#include "tests/emulated/coverage.h"
#include "tests/emulated/pc.h"

#define RIG_DRIVE 0x83 /* what stage 1 hands over */

struct rig {
    struct machine machine;
    struct coverage coverage;
    struct pc pc;
    const struct pc_habits *habits;
    uint32_t long_mode; /* where real mode ends */
    bool arrived;       /* at the end of real mode */
    bool returned;      /* a service has */
    unsigned trips;     /* still to make from there back to real mode */
    unsigned long runs, failed;
    unsigned long most_waits; /* of one run that boots */
    unsigned most_asked;
};

void rig_open(struct rig *rig);
void rig_close(struct rig *rig);

/* The road from stage 2's first instruction. False, and printed: a rule was broken. */
bool rig_road(struct rig *rig, const struct pc_habits *habits);

/* Prepare a service: memory as the road leaves it; the test fills in the exchange area. */
struct exchange *rig_prepare(struct rig *rig, const struct pc_habits *habits);

/* Call it by name. False, and printed: it broke a rule or did not return. */
bool rig_call(struct rig *rig, const char *name);

/*
 * Enter a handler by name in real mode, as an interrupt does to code whose CS holds
 * `cs`; it returns well if IRET takes it on with `back` in CS.
 */
bool rig_interrupt(struct rig *rig, const char *name, uint16_t cs, uint16_t back);

/* After a road that arrived: down to real mode, a service by name, and up again. */
bool rig_trip(struct rig *rig, const char *service);

/* A claim about the run just made; false, and printed: it does not hold. */
bool rig_claim(struct rig *rig, bool holds, const char *what);

/* Pointers into memory. */
struct exchange *rig_exchange(const struct rig *rig);
const struct memory_answers *rig_answers(const struct rig *rig);
uint32_t rig_dword(const struct rig *rig, const char *name);
