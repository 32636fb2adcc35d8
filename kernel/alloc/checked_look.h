/* SPDX-License-Identifier: MIT
 *
 * Looking at a checked block without changing it. For checked.c only.
 */
#pragma once

#include "kernel/alloc/checked.h"

#define CHECKED_MARK_LIVE  0x4556494C /* "LIVE" read as bytes */
#define CHECKED_MARK_FREED 0x44454546 /* "FEED": it feeds the quarantine */

/* Bytes between two addresses, the last not among them: the first that is not `fill`, or NULL. */
const uint8_t *checked_first_other(const uint8_t *from, const uint8_t *end, uint8_t fill);

/* All that can be wrong with a record and its block, which lie in the slab. */
enum checked_fault checked_look(const struct checked *checked, const struct checked_record *record,
                                struct checked_finding *finding);

/* Fill *finding about a record. */
enum checked_fault checked_tell(enum checked_fault fault, const struct checked_record *record,
                                const void *address, struct checked_finding *finding);
