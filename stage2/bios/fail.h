/* SPDX-License-Identifier: MIT
 *
 * The one way a boot ends badly in stage 2's C.
 */
#pragma once

#include "base/compiler.h"
#include "boot/status.h"

/*
 * Say `coldstart: error Exx: sentence, details`, show the code on POST port
 * 80h and give up. The details say where and which number; an empty format
 * leaves them out.
 */
NORETURN void fail(enum boot_status status, const char *format, ...) PRINTF_LIKE(2, 3);
