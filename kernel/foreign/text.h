/* SPDX-License-Identifier: MIT
 *
 * Text of another loader, copied with bounds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "kernel/foreign/facts.h"

/* The first word, printable ASCII only (else `?`), cut to the room. */
void foreign_copy_word(char name[FOREIGN_NAME_BYTES], const char *text, size_t bytes);

/* The same for all of a text. */
void foreign_copy_name(char name[FOREIGN_NAME_BYTES], const char *text, size_t bytes);

/* A command line up to its NUL, or `bytes`. False: it does not fit. */
bool foreign_copy_command_line(struct foreign_facts *facts, const char *text, size_t bytes);
