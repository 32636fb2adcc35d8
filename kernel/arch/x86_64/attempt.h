/* SPDX-License-Identifier: MIT
 *
 * Run something that may fault, and live. The first exception inside ends the
 * attempt and is recorded instead of being reported. For tests of protections
 * and for looking at memory that may not be there; never for normal control.
 * Attempts nest; the innermost takes the exception.
 */
#pragma once

#include <stdbool.h>

#include "kernel/arch/x86_64/exception.h"

struct attempt {
    uint64_t resume_rsp;          /* where attempt_call left its saved registers */
    struct attempt *outer;        /* the attempt that this one runs in */
    bool faulted;                 /* what follows is set only then */
    uint64_t handler_rsp;         /* on which stack the exception was handled */
    struct exception_frame frame; /* the exception */
};

/*
 * Call body(argument) inside an attempt. True: it came back by itself. False:
 * it faulted, and attempt->frame tells how; whatever it held is still held.
 */
bool attempt_run(struct attempt *attempt, void (*body)(void *argument), void *argument);

/* Used by exception_dispatch: true when an attempt has taken the exception. */
bool attempt_take(struct exception_frame *frame);
