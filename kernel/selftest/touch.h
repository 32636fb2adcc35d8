/* SPDX-License-Identifier: MIT
 *
 * One access to one address, and what came of it: for tests of mappings and of
 * protections.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/arch/x86_64/exception.h"

enum touch {
    TOUCH_READ,  /* a byte */
    TOUCH_WRITE, /* TOUCH_BYTE */
    TOUCH_RUN,   /* call it: a RET_OPCODE must be there */
};

#define TOUCH_BYTE 0x5A
#define RET_OPCODE 0xC3

/* True: it went well. False: *fault is the exception. */
bool touch(enum touch how, uint64_t address, struct exception_frame *fault);

/* Claim that it goes well; that it is a page fault at that very address with this error code. */
void touch_claim(enum touch how, uint64_t address);
void touch_claim_fault(enum touch how, uint64_t address, uint64_t error);
