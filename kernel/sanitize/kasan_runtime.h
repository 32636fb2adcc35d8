/* SPDX-License-Identifier: MIT
 *
 * What the parts of the KASAN runtime have in common. None of them is
 * instrumented, and none may call what is before it has looked that no check
 * can come of it.
 */
#pragma once

#include "kernel/sanitize/kasan.h"

/* An address's shadow is at address / KASAN_GRANULE + KASAN_OFFSET: compiled into every frame. */
#define KASAN_OFFSET 0xDFFFFC0000000000

/* Memory from now on has a shadow, at the place the compiler knows. */
void kasan_add_area(uint64_t first, uint64_t last);

/* The stretch that covers all these bytes, or NULL. */
const struct kasan_shadow *kasan_find_area(uint64_t address, uint64_t bytes);

/* Begin to check. */
void kasan_switch_on(void);

/* May it be done? site and frame: of the code that wants to. */
void kasan_check(uint64_t address, uint64_t bytes, bool write, uint64_t site, uint64_t frame);

/* Report in words, and panic. */
void kasan_report(const struct kasan_finding *finding);

/* Run the constructors that tell of each file's global variables. */
void kasan_globals_begin(void);

/* A global variable that was told of. */
struct kasan_variable_place {
    uint64_t first;
    uint64_t bytes;
    const char *name;
};

/* The global variable whose bytes, or the room behind them, contain an address. */
bool kasan_globals_find(uint64_t address, struct kasan_variable_place *place);

/* Of the stack that rsp is on, all below rsp may be used again. */
void kasan_forget_stack(uint64_t rsp);

/* The same, and all of every other stack. */
void kasan_forget_stacks(uint64_t rsp);
