/* SPDX-License-Identifier: MIT
 *
 * The step to other page tables and another stack at once.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"

/* Load the tables at root_phys, and call function() on the stack that ends at stack_end. */
NORETURN void stack_enter(uint64_t root_phys, uint64_t stack_end, void (*function)(void));
