/* SPDX-License-Identifier: MIT
 *
 * What fills memory that nobody may read, one pattern for each reason: bytes for
 * the heap's, whole words for frames. As an address none is canonical, so
 * following it faults at once, and the fault's report knows the pattern again
 * (exception_hint.c).
 */
#pragma once

#define POISON_HEAP_FRESH   0xBD               /* handed out by the heap and never written */
#define POISON_HEAP_FREED   0xDF               /* given back to the heap */
#define POISON_HEAP_REDZONE 0xA5               /* between two blocks of the heap */
#define POISON_FRAME_FREED  0xF4EEF4EEF4EEF4EE /* a frame given back */
