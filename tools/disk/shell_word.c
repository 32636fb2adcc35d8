/* SPDX-License-Identifier: MIT
 *
 * See shell_word.h. Spec: POSIX shell, "Single-Quotes".
 */
#include "tools/disk/shell_word.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define QUOTED_QUOTE "'\\''" /* ends the quotes, a quote, begins them again */

static bool is_plain(char letter)
{
    return isalnum((unsigned char)letter) || strchr("/._-+,:=@", letter) != NULL;
}

const char *shell_word(const char *name)
{
    const char *from = name;

    while (*from != '\0' && is_plain(*from))
        from++;
    if (*from == '\0' && from != name)
        return name;
    char *const word = malloc(strlen(name) * (sizeof(QUOTED_QUOTE) - 1) + sizeof("''"));
    if (word == NULL)
        return name;
    char *to = word;
    *to++ = '\'';
    for (from = name; *from != '\0'; from++) {
        if (*from == '\'')
            to = stpcpy(to, QUOTED_QUOTE);
        else
            *to++ = *from;
    }
    strcpy(to, "'");
    return word;
}
