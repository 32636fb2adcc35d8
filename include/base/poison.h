/* SPDX-License-Identifier: MIT
 *
 * The bytes that fill memory which nobody may read, one value for each reason.
 * As an address each is not canonical, so following it faults at once, and the
 * fault's report knows the pattern again (exception_hint.c).
 */
#pragma once

#define POISON_HEAP_FRESH   0xA1 /* handed out by the heap and never written */
#define POISON_HEAP_FREED   0xF1 /* given back to the heap */
#define POISON_HEAP_REDZONE 0xE1 /* between two blocks of the heap */
#define POISON_FRAME_FREED  0xF2 /* a frame given back */
