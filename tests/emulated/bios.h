/* SPDX-License-Identifier: MIT
 *
 * The BIOS that stage 1 meets: plays INT 10h, 13h, 16h and 18h by a set of habits,
 * and holds every question against what the specifications allow.
 */
#pragma once

#include "tests/emulated/habits.h"
#include "tests/emulated/machine.h"
#include "tests/unit/random.h"

#define ABSENT_STATUS 0x01 /* of a drive that is not there */
#define DECOY_TRACK   63   /* geometry of a drive that holds something else */
#define DECOY_HEADS   16

#define PRINTED_MAX 8

/* The disk: two copies of stage 2, both the same bytes. */
struct disk {
    const uint8_t *bytes;
    unsigned sectors;
    uint16_t lba[COPIES];
};

struct bios {
    const struct habits *habits;
    const struct disk *disk;
    struct random random;
    unsigned errors_given[METHODS][COPIES];
    bool wedged_once[METHODS][COPIES];
    bool wedged;    /* READ_STUCK, until a reset */
    unsigned calls; /* of INT 13h */
    unsigned resets;
    char printed[PRINTED_MAX];
    unsigned printed_count;
    int post;      /* what port 80h got last; -1: nothing */
    bool hangs;    /* INT 13h does not return */
    bool waiting;  /* INT 16h does not return */
    unsigned keys; /* asked for */
    bool no_boot;  /* INT 18h was called */
};

void bios_start(struct bios *bios, const struct habits *habits, const struct disk *disk);

/* One interrupt; machine->context is a struct bios. */
void bios_interrupt(struct machine *machine, unsigned number);
