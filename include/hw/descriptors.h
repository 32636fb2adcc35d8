/* SPDX-License-Identifier: MIT
 *
 * Segment descriptors, gates and the task-state segment as long mode reads
 * them. Data only; the tables themselves belong to whoever loads them.
 * Spec: Intel SDM, volume 3A, sections 3.4.5, 6.14.1, 7.2.3 and 7.7.
 */
#pragma once

#include "base/compiler.h"

/* Flat segments, complete, with the accessed bit set: loading them writes nothing. */
#define DESCRIPTOR_CODE64      0x00AF9B000000FFFF
#define DESCRIPTOR_CODE32      0x00CF9B000000FFFF
#define DESCRIPTOR_DATA        0x00CF93000000FFFF
/* The same for ring 3. */
#define DESCRIPTOR_CODE64_USER 0x00AFFB000000FFFF
#define DESCRIPTOR_DATA_USER   0x00CFF3000000FFFF
/* The present bit of these. */
#define DESCRIPTOR_BIT_PRESENT 0x0000800000000000
/* 64 KiB from 0, for the way back to real mode. */
#define DESCRIPTOR_CODE16      0x00009B000000FFFF
#define DESCRIPTOR_DATA16      0x000093000000FFFF

/* Byte 5 of a system descriptor or gate: present, ring 0, and its type. */
#define DESCRIPTOR_PRESENT 0x80
#define DESCRIPTOR_TSS     0x09 /* 64-bit TSS, available */
#define GATE_INTERRUPT_16  0x06 /* 16-bit, not in long mode */
#define GATE_INTERRUPT     0x0E /* clears IF */
#define GATE_TRAP          0x0F /* leaves IF */

/* A descriptor of 16 bytes: the TSS has a 64-bit base. */
struct system_descriptor {
    uint16_t limit_low;
    uint16_t base_0;
    uint8_t base_16;
    uint8_t type; /* DESCRIPTOR_PRESENT | DESCRIPTOR_TSS */
    uint8_t limit_high;
    uint8_t base_24;
    uint32_t base_32;
    uint32_t reserved;
};
ASSERT_SIZE(struct system_descriptor, 16);

struct gate_descriptor {
    uint16_t offset_0;
    uint16_t selector;
    uint8_t ist;  /* 0: stay on the stack; 1 to 7: switch to TSS.ist[n - 1] */
    uint8_t type; /* DESCRIPTOR_PRESENT | GATE_INTERRUPT */
    uint16_t offset_16;
    uint32_t offset_32;
    uint32_t reserved;
};
ASSERT_SIZE(struct gate_descriptor, 16);

#define TSS_IST_COUNT 7

struct PACKED task_state {
    uint32_t reserved_0;
    uint64_t rsp[3];
    uint64_t reserved_28;
    uint64_t ist[TSS_IST_COUNT];
    uint64_t reserved_92;
    uint16_t reserved_100;
    uint16_t io_map; /* at or beyond the limit: no port is open to ring 3 */
};
ASSERT_SIZE(struct task_state, 104);
ASSERT_OFFSET(struct task_state, rsp, 4);
ASSERT_OFFSET(struct task_state, ist, 36);
ASSERT_OFFSET(struct task_state, io_map, 102);

/* What LGDT and LIDT read. */
struct PACKED table_register {
    uint16_t limit; /* last byte */
    uint64_t base;
};
ASSERT_SIZE(struct table_register, 10);
