/* SPDX-License-Identifier: MIT
 *
 * See text.h.
 */
#include "kernel/foreign/text.h"

#include "kernel/core/string.h"

#define ASCII_FIRST ' '
#define ASCII_LAST  '~'

static void copy_until(char *name, const char *text, size_t bytes, char end)
{
    size_t i = 0;
    for (; i < bytes && i < FOREIGN_NAME_BYTES - 1 && text[i] != '\0' && text[i] != end; i++)
        name[i] = text[i] >= ASCII_FIRST && text[i] <= ASCII_LAST ? text[i] : '?';
    name[i] = '\0';
}

void foreign_copy_word(char name[FOREIGN_NAME_BYTES], const char *text, size_t bytes)
{
    copy_until(name, text, bytes, ' ');
}

void foreign_copy_name(char name[FOREIGN_NAME_BYTES], const char *text, size_t bytes)
{
    copy_until(name, text, bytes, '\0');
}

bool foreign_copy_command_line(struct foreign_facts *facts, const char *text, size_t bytes)
{
    return string_copy(facts->command_line, sizeof(facts->command_line), text,
                       string_length_within(text, bytes));
}
