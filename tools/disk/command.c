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
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define PIECE_BYTES 4096

/* Start a program with these standard streams; its id, or -1 and errno. */
static pid_t start_with(char *const arguments[], int output, int errors)
{
    posix_spawn_file_actions_t actions;
    pid_t child = -1;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    errno = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return errno == 0 ? child : -1;
}

/* The same with errors nowhere. */
static pid_t start(char *const arguments[], int output)
{
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const pid_t child = nowhere < 0 ? -1 : start_with(arguments, output, nowhere);

    if (nowhere >= 0)
        close(nowhere);
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

/* A user's PATH often lacks the folders of mkfs.fat and fsck.fat. */
#define SYSTEM_FOLDERS ":/usr/sbin:/sbin"

static void set_environment(void)
{
    const char *const path = getenv("PATH");
    char *longer;

    setenv("LC_ALL", "C.UTF-8", 1);
    if (path == NULL || strstr(path, SYSTEM_FOLDERS) != NULL ||
        asprintf(&longer, "%s" SYSTEM_FOLDERS, path) < 0)
        return;
    setenv("PATH", longer, 1);
    free(longer);
}

/* Why it did not start; of a program of Debian and Ubuntu, where to get it. */
static void explain_start(const char *program, int error, char *reason, size_t room)
{
    static const struct {
        const char *program, *package;
    } packages[] = {
        { "fsck.fat", "dosfstools" }, { "mkfs.fat", "dosfstools" }, { "mcopy", "mtools" },
        { "qemu-img", "qemu-utils" }, { "xorriso", "xorriso" },
    };

    for (size_t i = 0; i < ARRAY_COUNT(packages) && error == ENOENT; i++) {
        if (strcmp(program, packages[i].program) != 0)
            continue;
        snprintf(reason, room, "%s is not installed (Debian and Ubuntu: apt install %s)", program,
                 packages[i].package);
        return;
    }
    snprintf(reason, room, "%s: %s", program, strerror(error));
}

/* The last line that is not empty. */
static char *last_line(char *text)
{
    size_t length = strlen(text);

    while (length != 0 && strchr("\n ", text[length - 1]) != NULL)
        text[--length] = '\0';
    char *const end = strrchr(text, '\n');
    return end == NULL ? text : end + 1;
}

bool command_explain(const char *const arguments[], char *reason, size_t room)
{
    int ends[2];
    char *text = NULL;

    snprintf(reason, room, "%s: no pipe", arguments[0]);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    set_environment();
    const pid_t child = start_with((char *const *)arguments, ends[1], ends[1]);
    if (child < 0)
        explain_start(arguments[0], errno, reason, room);
    close(ends[1]);
    FILE *const stream = fdopen(ends[0], "r");
    if (stream != NULL) {
        text = read_all(stream);
        fclose(stream);
    }
    const bool is_done = child > 0 && ended_well(child);
    if (child > 0 && !is_done)
        snprintf(reason, room, "%s: %s", arguments[0], text == NULL ? "failed" : last_line(text));
    free(text);
    return is_done;
}
