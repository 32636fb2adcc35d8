/* SPDX-License-Identifier: MIT
 *
 * A folder of its own for a test that calls other programs, and the calling.
 */
#include "tests/unit/scratch_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/cmocka_all.h"

#define COMMAND_BYTES 2048

/* mkfs.fat is where only root looks; mtools need not doubt the test's geometry. */
#define ENVIRONMENT "export PATH=\"$PATH:/usr/sbin:/sbin\" MTOOLS_SKIP_CHECK=1"

/*
 * Make an empty folder.
 *
 * programs  what the test calls, separated by spaces; each must be installed
 * packages  how to get them, for the message
 */
int scratch_folder_make(struct scratch_folder *folder, const char *programs, const char *packages)
{
    char command[COMMAND_BYTES];
    snprintf(command, sizeof(command),
             ENVIRONMENT "; for program in %s; do command -v $program >/dev/null || exit 1; done",
             programs);
    if (system(command) != 0) {
        fprintf(stderr, "this test needs %s (packages %s)\n", programs, packages);
        return -1;
    }
    const char *parent = getenv("TMPDIR");
    snprintf(folder->path, sizeof(folder->path), "%s/coldstart-XXXXXX",
             parent != NULL ? parent : "/tmp");
    return mkdtemp(folder->path) != NULL ? 0 : -1;
}

int scratch_folder_remove(const struct scratch_folder *folder)
{
    char command[COMMAND_BYTES];
    snprintf(command, sizeof(command), "rm -r '%s'", folder->path);
    return system(command);
}

void scratch_folder_path(const struct scratch_folder *folder, const char *name,
                         char path[SCRATCH_PATH_BYTES])
{
    const int length = snprintf(path, SCRATCH_PATH_BYTES, "%s/%s", folder->path, name);
    assert_in_range(length, 1, SCRATCH_PATH_BYTES - 1);
}

void scratch_folder_run(const struct scratch_folder *folder, const char *format, ...)
{
    char command[COMMAND_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = snprintf(command, sizeof(command), "cd '%s' && " ENVIRONMENT " && ", folder->path);
    length += vsnprintf(command + length, sizeof(command) - (size_t)length, format, arguments);
    va_end(arguments);
    assert_in_range(length, 1, COMMAND_BYTES - 1);
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}
