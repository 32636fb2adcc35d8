/* SPDX-License-Identifier: MIT
 *
 * See arguments.h.
 */
#include "arguments.h"

#include <stdio.h>
#include <string.h>

bool arguments_read(const char *plugin, int count, char **arguments,
                    bool (*take)(const char *key, const char *value))
{
    for (int i = 0; i < count; i++) {
        char *value = strchr(arguments[i], '=');
        if (value != NULL)
            *value++ = '\0';
        if (value == NULL || !take(arguments[i], value)) {
            fprintf(stderr, "%s: bad argument, or no such file: %s\n", plugin, arguments[i]);
            return false;
        }
    }
    return true;
}
