/* SPDX-License-Identifier: MIT
 *
 * Disasters on demand, by name: for `provoke=NAME` on the command line, for
 * the shell, and, inside an attempt, for the self-tests. A disaster registers
 * itself, so each area keeps its own in a file of its own.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

/* An address no kernel of ours ever maps. */
#define PROVOKE_UNMAPPED 0xFFFFD00DDEADB000

struct disaster {
    const char *name;
    const char *text; /* what is done and what must come of it; "goes on" if nothing is lost */
    void (*action)(void *unused);
};

/*
 * DISASTER(area_what, "area-what", "what is done: what comes of it") { ... } defines
 * one. kernel.ld collects them; tests/vm/test_provoke.py boots each by itself.
 */
#define DISASTER(identifier, dashed_name, what)                                                    \
    static void provoke_##identifier(void *unused);                                                \
    static const struct disaster disaster_##identifier USED SECTION(                               \
        ".disasters") = { dashed_name, what, provoke_##identifier };                               \
    static void provoke_##identifier(UNUSED void *unused)

/* The function that provokes it; takes no argument. NULL: no such name. */
void (*provoke_find(const char *name))(void *unused);

/* Print all names with what each does. */
void provoke_list(void);

/* Provoke; false: no such name. Comes back only from what does no harm. */
bool provoke(const char *name);
