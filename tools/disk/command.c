/* SPDX-License-Identifier: MIT
 *
 * See command.h. Spec: POSIX posix_spawnp.
 */
#define _GNU_SOURCE
#include "tools/disk/command.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define PIECE_BYTES 4096

/* The program with `output` as its standard output and errors nowhere; its id, or -1. */
static pid_t start(char *const arguments[], int output)
{
    posix_spawn_file_actions_t actions;
    pid_t child = -1;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ) != 0)
        child = -1;
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

static bool ended_well(pid_t child)
{
    int status = -1;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

/* All of a stream as one text; NULL: an error, or no memory. */
static char *read_all(FILE *stream)
{
    char *text = NULL;
    size_t used = 0, moved;

    do {
        char *const more = realloc(text, used + PIECE_BYTES + 1);
        if (more == NULL) {
            free(text);
            return NULL;
        }
        text = more;
        moved = fread(text + used, 1, PIECE_BYTES, stream);
        used += moved;
    } while (moved == PIECE_BYTES);
    text[used] = '\0';
    return text;
}

bool command_read(char *const arguments[], char **text)
{
    int ends[2];

    *text = NULL;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    const pid_t child = start(arguments, ends[1]);
    close(ends[1]);
    FILE *const stream = fdopen(ends[0], "r");
    if (stream != NULL) {
        *text = read_all(stream);
        fclose(stream);
    }
    if (child > 0 && ended_well(child) && *text != NULL)
        return true;
    free(*text);
    *text = NULL;
    return false;
}

bool command_run(char *const arguments[])
{
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const pid_t child = nowhere < 0 ? -1 : start(arguments, nowhere);

    if (nowhere >= 0)
        close(nowhere);
    return child > 0 && ended_well(child);
}
