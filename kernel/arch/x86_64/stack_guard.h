/* SPDX-License-Identifier: MIT
 *
 * The stack protector: every function of the kernel that has an array checks
 * its canary before it returns. stack_guard.asm makes the first canary before
 * any C runs; the boot's random seed makes it one that cannot be guessed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * Stir a seed into the canary. Only for a function that never returns: what is
 * on its stack has the old one.
 */
void stack_guard_stir(const uint8_t *seed, size_t bytes);

/* The canary that functions have now. */
uint64_t stack_guard_canary(void);

/* The end: the caller's canary has changed. For stack_guard.asm. */
NORETURN void stack_guard_failed(void);
