/* SPDX-License-Identifier: MIT
 *
 * What the 16-bit and the 64-bit parts of stage 2 hand each other, at
 * LOW_EXCHANGE where both can reach it. Data only; the verbs that use it are
 * declared in bios_call.h.
 */
#pragma once

#include "base/compiler.h"
#include "boot/boot_info.h"
#include "boot/low_memory.h"
#include "hw/edd.h"

/* Registers into and out of one BIOS call. Segments are real-mode segments. */
struct bios_registers {
    uint32_t eax, ebx, ecx, edx, esi, edi, ebp;
    uint16_t ds, es;
    uint16_t flags; /* in: CF, PF, AF, ZF, SF, OF as wanted; out: all, RFLAGS_CF mostly "failed" */
    uint16_t reserved;
};
ASSERT_SIZE(struct bios_registers, 36);
ASSERT_OFFSET(struct bios_registers, ds, 28);
ASSERT_OFFSET(struct bios_registers, flags, 32);

enum disk_request_kind {
    DISK_READ_EDD = 0, /* AH=42h with the packet */
    DISK_READ_CHS = 1, /* AH=02h with count, offset, segment of the packet, chs_cx, chs_dh */
    DISK_RESET = 2,    /* AH=00h */
};

/*
 * One disk call and what came of it. The packet is the caller's: the BIOS gets
 * a fresh copy (Q26). An AH=02h read may not leave its track.
 */
struct disk_request {
    struct edd_packet packet;
    uint8_t kind;    /* enum disk_request_kind */
    uint8_t chs_dh;  /* head */
    uint16_t chs_cx; /* cylinder and sector, as INT 13h packs them in CX */
    uint8_t status;  /* out: AH */
    uint8_t carry;   /* out: 1 when CF came back set */
    uint16_t moved;  /* out: the packet's count afterwards; EDD reads only */
};
ASSERT_SIZE(struct disk_request, 24);
ASSERT_OFFSET(struct disk_request, kind, 16);
ASSERT_OFFSET(struct disk_request, moved, 22);

#define DISK_BATCH_MAX 16 /* requests in one trip to real mode */

/* Disk calls made one after another in one trip, up to the first that fails. */
struct disk_batch {
    uint16_t count; /* in: how many requests */
    uint16_t made;  /* out: calls made; the last one is the failed one if any is */
    uint8_t drive;  /* in: DL */
    uint8_t reserved[3];
    struct disk_request request[DISK_BATCH_MAX];
};
ASSERT_OFFSET(struct disk_batch, request, 8);

/* Where the console's bytes go; cleared for what is not there or not usable. */
#define CONSOLE_SCREEN 0x01 /* INT 10h teletype */
#define CONSOLE_SERIAL 0x02 /* COM1 */
#define CONSOLE_E9     0x04 /* the emulators' debug port */

#define EXCHANGE_TRACE_MAX  32
#define EXCHANGE_TEXT_BYTES 2048

/* Everything that lies at LOW_EXCHANGE. */
struct exchange {
    uint8_t drive;       /* DL, as stage 1 handed it over */
    uint8_t a20_method;  /* enum boot_a20_method */
    uint8_t cpu_has_tsc; /* 1: RDTSC works */
    uint8_t cpu_has_nx;  /* 1: EFER.NXE is set in long mode */
    uint8_t console;     /* CONSOLE_ bits: where console bytes go now */
    uint8_t nmis;        /* non-maskable interrupts passed over, modulo 256 */
    uint8_t reserved[2];
    uint32_t trace_count;
    uint32_t trips; /* how often real mode was visited from long mode */
    struct boot_trace_record trace[EXCHANGE_TRACE_MAX];
    struct bios_registers registers; /* of bios_call */
    uint16_t text_bytes;             /* of bios_print */
    uint16_t text_reserved;
    struct disk_batch disk; /* of bios_disk_batch; filled in place by its caller */
    uint8_t text[EXCHANGE_TEXT_BYTES];
};
ASSERT_OFFSET(struct exchange, trace_count, 8);
ASSERT_OFFSET(struct exchange, trace, 16);
_Static_assert(sizeof(struct exchange) <= LOW_EXCHANGE_BYTES, "the exchange fits its place");

/* What a CPU exception leaves for loader_fault. The CPU pushed rip to ss. */
struct loader_fault_frame {
    uint64_t cr2;
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
    uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
    uint64_t vector;
    uint64_t error; /* 0 for vectors that push none */
    uint64_t rip, cs, rflags, rsp, ss;
};
ASSERT_SIZE(struct loader_fault_frame, 184);
ASSERT_OFFSET(struct loader_fault_frame, vector, 128);
ASSERT_OFFSET(struct loader_fault_frame, rip, 144);
