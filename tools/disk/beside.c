/* SPDX-License-Identifier: MIT
 *
 * See beside.h. Spec: proc(5), /proc/self/exe.
 */
#define _GNU_SOURCE
#include "tools/disk/beside.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *beside_find(const char *name)
{
    char program[PATH_MAX];
    char *built, *installed;
    const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

    if (length <= 0)
        return NULL;
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    if (asprintf(&built, "%s/../../%s", program, name) < 0)
        return NULL;
    if (access(built, F_OK) == 0)
        return built;
    return asprintf(&installed, "%s/../share/coldstart/%s", program, name) < 0 ? built : installed;
}
