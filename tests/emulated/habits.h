/* SPDX-License-Identifier: MIT
 *
 * How a BIOS and its disk behave in one run of stage 1: every answer that stage 1
 * can get, as numbers. Data only: played by bios.c, judged by oracle.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What AH=41h says. Only the first two mean yes. */
enum edd_sign {
    EDD_YES,
    EDD_YES_DL_LOST, /* ... and DL is something else (Q15) */
    EDD_NO,
    EDD_MUTE,       /* IRET and nothing else (Q17) */
    EDD_CARRY_KEPT, /* magic and bits are there, CF is as it came (Q17) */
    EDD_NO_MAGIC,
    EDD_NO_PACKETS,
    EDD_CX_KEPT,   /* the magic is there, CX is as it came (Q17) */
    EDD_NO_WRITES, /* it is no EDD BIOS, and counts DS:0041h up (Q16) */
    EDD_SIGNS
};

/* How one copy reads by one method. */
enum read_habit {
    READ_GOOD,
    READ_ERROR,         /* `status`, always (Q18) */
    READ_ERROR_TIMES,   /* `status`, `number` times */
    READ_STUCK,         /* an error that stays until a reset (Q23) */
    READ_LIMIT,         /* more than `number` sectors in a call: DMA boundary (Q19) */
    READ_PACKET_ZEROED, /* good, but the packet is gone (Q26) */
    READ_SHORT,         /* half of what was asked, and no error (Q25) */
    READ_NOTHING,       /* no error and no data */
    READ_PARTIAL,       /* half of it, and an error (Q25) */
    READ_WRONG,         /* no error and other data: enum wrong_data in `number` */
    READ_HANG,          /* INT 13h never returns (Q32) */
    READ_HABITS
};

enum wrong_data {
    WRONG_NOISE,
    WRONG_ZEROS,
    WRONG_ONES,
    WRONG_BIT,
    WRONG_SWAPPED,
    WRONG_WEIGHED,
    WRONG_DATA
};

struct read_answer {
    uint8_t habit;
    uint8_t number;
    uint8_t status;
    uint8_t sector; /* the one of the copy that is bad; SECTOR_ANY: each */
};
#define SECTOR_ANY 0xFF

enum method { BY_EDD, BY_CHS, METHODS };
enum copy { COPY_A, COPY_B, COPIES };

/* What AH=08h says; track 0 or few: nothing of use (Q30). */
struct geometry {
    bool fails;
    uint8_t status;
    uint8_t track;        /* sectors in one */
    uint8_t highest_head; /* one less than their number */
};

enum {
    POISON_REGISTERS = 1, /* every register that is no output is rubbish (Q21, Q36, Q37) */
    POISON_IF_OFF = 2,    /* Q22 */
    POISON_IF_ON = 4,
    POISON_DF = 8,
    POISON_GDT = 16, /* Q62 */
    POISONS = 32
};

enum other_drives { OTHERS_ABSENT, OTHERS_DECOY, OTHERS_HANG, OTHERS };
enum key_habit { KEY_AT_ONCE, KEY_NEVER, KEYS };

struct habits {
    enum edd_sign edd;
    struct read_answer read[METHODS][COPIES];
    struct geometry geometry;
    uint8_t drive_named; /* DL */
    uint8_t drive_real;  /* the one that holds the disk */
    enum other_drives others;
    bool entry_07c0;      /* Q1 */
    bool entry_dirty;     /* segments, stack, registers (Q4, Q5) */
    uint32_t entry_flags; /* Q5 */
    bool bpb_scribbled;   /* Q7 */
    uint8_t poison;       /* POISON_ bits */
    uint8_t page;         /* the one that is shown (Q38) */
    enum key_habit key;
    uint64_t seed; /* of all the rubbish */
};

/* The plain PC: whatever a test changes, it changes from here. */
struct habits habits_plain(void);

/* A line that says all of it. */
void habits_print(const struct habits *habits);
