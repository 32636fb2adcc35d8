/* SPDX-License-Identifier: MIT
 *
 * See beside.h. Spec: proc(5), /proc/self/exe.
 */
#define _GNU_SOURCE
#include "tools/disk/beside.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *beside_find(const char *name)
{
    char program[PATH_MAX];
    char *built, *installed, *found;
    const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

    if (length <= 0)
        return NULL;
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    if (asprintf(&built, "%s/../../%s", program, name) < 0)
        return NULL;
    found = realpath(built, NULL);
    free(built);
    if (found != NULL)
        return found;
    return asprintf(&installed, "%s/../share/coldstart/%s", program, name) < 0 ? NULL : installed;
}
