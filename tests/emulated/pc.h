/* SPDX-License-Identifier: MIT
 *
 * The PC that stage 2 meets: its gate A20, keyboard controller, serial port, CPU
 * and BIOS, each with its bad habits. A20 is real: while it is off, what lies
 * above 1 MiB is what lies below it.
 */
#pragma once

#include "boot/boot_info.h"
#include "tests/emulated/machine.h"
#include "tests/unit/random.h"

enum bios_gate {
    GATE_WORKS,
    GATE_LIES,    /* says yes, does nothing (Q55) */
    GATE_UNKNOWN, /* changes nothing, CF neither */
    GATE_DENIES,  /* does it and says no */
    GATES
};

enum fast_gate {
    FAST_WORKS,
    FAST_ABSENT,
    FAST_RESET_BIT, /* works; bit 0 reads as 1 (Q59) */
    FAST_SAYS_ON,   /* reads as if A20 were on */
    FAST_NO_EFFECT,
    FAST_GATES
};

enum keyboard {
    KEYBOARD_WORKS,
    KEYBOARD_ABSENT,     /* every port reads FFh (Q56) */
    KEYBOARD_SLOW,       /* is busy for a while behind each byte */
    KEYBOARD_FULL,       /* bytes wait in it (Q61) */
    KEYBOARD_LEAVES,     /* D1h leaves one there (Q61) */
    KEYBOARD_NEVER,      /* is busy for ever (Q56) */
    KEYBOARD_ENDLESS,    /* always has another byte (Q56) */
    KEYBOARD_STOPS,      /* gets busy for ever with its first command ... */
    KEYBOARD_STOPS_LATE, /* ... or with the byte behind it, which it obeys */
    KEYBOARD_NO_EFFECT,  /* takes it all, and A20 stays off */
    KEYBOARD_FORBIDDEN,  /* a byte written to it hangs the machine (Q57) */
    KEYBOARDS
};

enum uart { UART_WORKS, UART_ABSENT, UART_ECHO, UART_SLOW, UART_NEVER, UARTS };

enum cpu {
    CPU_GOOD,
    CPU_NO_CPUID,
    CPU_BASIC,   /* CPUID without extended leaves */
    CPU_REPEATS, /* answers an extended leaf with some basic one */
    CPU_NO_LONG_MODE,
    CPU_NO_TSC,
    CPU_NO_NX,
    CPUS
};

enum e820 {
    E820_TWENTY, /* 20 bytes, whatever was asked (Q41) */
    E820_TWENTY_FOUR,
    E820_TWENTY_ONLY,     /* fails when asked for more (Q42) */
    E820_CARRY,           /* CF ends the list, without a signature (Q43) */
    E820_LOSES_SIGNATURE, /* Q44 */
    E820_CHANGES_ONLY,    /* writes what differs from its last answer (Q45) */
    E820_CIRCLE,          /* Q46 */
    E820_ENDLESS,         /* Q46 */
    E820_HIGH_BITS,       /* the continuation is no small number (Q47) */
    E820_ODD,             /* empty, overlapping, wrapping (Q48); types nobody defined (Q49) */
    E820_MANY,            /* 312 answers (Q50) */
    E820_NONE,            /* CF at once */
    E820_TWICE,           /* each answer two times, which is no circle */
    E820_MUTE,            /* nothing changes: no signature */
    E820S
};

enum {
    CARELESS_REGISTERS = 1, /* rubbish in every register that is no output (Q36, Q37, Q47) */
    CARELESS_SEGMENTS = 2,  /* also in ds and es */
    CARELESS_IF_OFF = 4,    /* Q22, Q55 */
    CARELESS_DF = 8,        /* Q22 */
    CARELESS_GDT = 16,      /* Q62 */
    CARELESS = 32
};

struct pc_habits {
    bool a20_on; /* from the start */
    enum bios_gate gate;
    enum fast_gate fast;
    enum keyboard keyboard;
    unsigned settle; /* looks above 1 MiB until the line follows the gate (Q60) */
    enum uart uart;
    bool e9;
    enum cpu cpu;
    enum e820 e820;
    bool e801_by_cx; /* answers in cx and dx only (Q54) */
    uint8_t careless;
    uint8_t page;
    unsigned keys_before; /* typed before anybody could read why */
    unsigned key_polls;   /* a key comes with this poll after them; 0: never (Q40) */
    unsigned ticks_polls; /* the clock ticks at each n-th poll; 0: it stands */
    bool no_boot_returns; /* INT 18h comes back */
    bool closes_a20;      /* the next INT 13h does */
    uint64_t seed;
};

#define PC_TEXT    16384
#define PC_WRITES  64
#define PC_ANSWERS 400

struct port_record {
    unsigned port;
    uint8_t value;
};

struct pc {
    const struct pc_habits *habits;
    struct random random;
    bool a20;
    unsigned settles_in;                       /* looks; 0: the gate and the line agree */
    uint8_t high[MACHINE_BYTES - MACHINE_MIB]; /* what really lies above 1 MiB */
    /* keyboard controller */
    unsigned busy, waiting;
    bool stopped, output_port;
    uint8_t scratch; /* of the serial port */
    bool divisor;    /* its first two registers are the divisor */
    uint8_t uart[6]; /* as set up: divisor, its high byte, IER, FCR, LCR, MCR */
    unsigned long uart_looks;
    unsigned not_ready;                   /* its looks until a byte may be sent */
    struct port_record writes[PC_WRITES]; /* to 92h, 60h, 64h, in order */
    unsigned write_count;
    unsigned long waits; /* reads of port 80h and of status registers */
    int post;
    char screen[PC_TEXT], serial[PC_TEXT], debug[PC_TEXT];
    unsigned screen_count, serial_count, debug_count;
    /* memory */
    struct boot_e820_answer answers[PC_ANSWERS]; /* as given, word for word */
    unsigned answer_count;
    unsigned asked; /* INT 15h AX=E820h */
    /* end */
    unsigned polls, keys_taken;
    bool no_boot, reset, shut_down;
    /* INT 13h and any other: the test's own */
    void (*disk)(struct machine *machine, unsigned number);
    void *owner;
};

struct pc_habits pc_habits_plain(void);
void pc_habits_print(const struct pc_habits *habits);

/* What follows plays parts of a machine whose context is a struct pc. */
void pc_start(struct pc *pc, const struct pc_habits *habits);

/* pc_ports.c */
uint8_t pc_port_read(struct machine *machine, unsigned port);
void pc_port_write(struct machine *machine, unsigned port, uint8_t value);
void pc_open_a20(struct pc *pc);

/* pc_bios.c */
void pc_interrupt(struct machine *machine, unsigned number);

/* CF of an answer, in FLAGS or in the frame of the ROM's own stub. */
void pc_carry(struct machine *machine, bool carry);

/* pc_memory.c: INT 15h AX=E820h, and what lies above 1 MiB. */
void pc_e820(struct machine *machine);
void pc_read(struct machine *machine, uint32_t address, unsigned bytes);

/* pc_cpu.c: CPUID, and the flag that says that there is none. */
void pc_cpuid(struct machine *machine, uint32_t leaf);
void pc_hold_id_flag(struct machine *machine);
