/* SPDX-License-Identifier: MIT
 *
 * Whose sectors in front of the first partition are: known by the words and numbers that programs
 * leave there. A guess, for a sentence; nothing is decided by it.
 */
#pragma once

#include "tools/disk/head.h"

/* Whose the sectors from `first` to `last` may be, as half a sentence; NULL: not known. */
const char *owners_find(const struct head *head, uint32_t first, uint32_t last);
