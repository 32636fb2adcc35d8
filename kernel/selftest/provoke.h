/* SPDX-License-Identifier: MIT
 *
 * Disasters on demand, by name: for `provoke=NAME` on the command line, for
 * the shell, and, inside an attempt, for the self-tests.
 */
#pragma once

#include <stdbool.h>

/* An address no kernel of ours ever maps. */
#define PROVOKE_UNMAPPED 0xFFFFD00DDEADB000

/* The function that provokes it; takes no argument. NULL: no such name. */
void (*provoke_find(const char *name))(void *unused);

/* Print all names with what each does. */
void provoke_list(void);

/* Provoke; false: no such name. Comes back only from what does no harm. */
bool provoke(const char *name);
