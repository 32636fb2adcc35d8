/* SPDX-License-Identifier: MIT
 *
 * See run.h. Spec: POSIX posix_spawnp, waitpid.
 */
#include "tools/image/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/image/say.h"
#include "tools/image/work.h"

/* System tools such as mkfs.fat are not on every user's path. */
#define MORE_FOLDERS "/usr/local/sbin:/usr/sbin:/sbin"

/* Time stamps on the volume: always the same moment, unless the caller names one. */
#define EPOCH_NAME  "SOURCE_DATE_EPOCH"
#define EPOCH_USUAL "1767225600"

#define MTOOLS_PREFIX "MTOOLS"

extern char **environ;

/* Settings of the user's mtools would change the bytes. */
static void forget_mtools(void)
{
    for (unsigned i = 0; environ[i] != NULL;) {
        const char *const end = strchr(environ[i], '=');
        if (end == NULL || strncmp(environ[i], MTOOLS_PREFIX, strlen(MTOOLS_PREFIX)) != 0) {
            i++;
            continue;
        }
        char *const name = strndup(environ[i], (size_t)(end - environ[i]));
        if (name == NULL || unsetenv(name) != 0)
            fail("no memory left");
        free(name);
    }
}

void run_set_environment(void)
{
    const char *const path = getenv("PATH");
    char *const longer = text_make("%s:%s", path != NULL ? path : "/usr/bin:/bin", MORE_FOLDERS);

    forget_mtools();
    if (setenv("PATH", longer, 1) != 0 || setenv(EPOCH_NAME, EPOCH_USUAL, 0) != 0 ||
        setenv("TZ", "UTC", 1) != 0 || setenv("LC_ALL", "C.UTF-8", 1) != 0 ||
        setenv("MTOOLSRC", "/dev/null", 1) != 0 || setenv("MTOOLS_SKIP_CHECK", "1", 1) != 0)
        fail("no memory left");
    free(longer);
}

bool run_is_there(const char *program)
{
    char *const folders = strdup(getenv("PATH"));
    bool found = false;

    if (folders == NULL)
        fail("no memory left");
    for (char *rest = folders, *folder; !found && (folder = strsep(&rest, ":")) != NULL;) {
        char *const path = text_make("%s/%s", *folder != '\0' ? folder : ".", program);
        found = access(path, X_OK) == 0;
        free(path);
    }
    free(folders);
    return found;
}

/* Start it with nothing to read and both outputs into a pipe; the pid, or -1. */
static pid_t start(const char *const words[], int pipe_write)
{
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    if (posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, pipe_write, STDOUT_FILENO) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, pipe_write, STDERR_FILENO) != 0 ||
        posix_spawnp(&pid, words[0], &actions, NULL, (char *const *)(uintptr_t)words, environ) != 0)
        pid = -1;
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/* Everything it says is read, so that it never waits for us; the first of it is kept. */
static void listen(struct run *run, int pipe_read)
{
    char piece[RUN_SAID_BYTES];
    size_t kept = 0;

    for (;;) {
        const ssize_t moved = read(pipe_read, piece, sizeof(piece));
        if (moved == 0 || (moved < 0 && errno != EINTR) || work_is_stopped())
            return;
        if (moved < 0)
            continue;
        const size_t room = sizeof(run->said) - 1 - kept;
        const size_t bytes = (size_t)moved < room ? (size_t)moved : room;
        memcpy(run->said + kept, piece, bytes);
        kept += bytes;
    }
}

struct run run_program(const char *const words[])
{
    struct run run = { .worked = false };
    int ends[2];
    int status;

    work_go_on();
    if (pipe2(ends, O_CLOEXEC) != 0)
        fail("%s: %s", words[0], strerror(errno));
    const pid_t pid = start(words, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        snprintf(run.said, sizeof(run.said), "%s cannot be started", words[0]);
        return run;
    }
    listen(&run, ends[0]);
    close(ends[0]);
    if (work_is_stopped())
        kill(pid, SIGTERM);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        if (work_is_stopped())
            kill(pid, SIGTERM);
    }
    work_go_on();
    run.worked = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return run;
}

const char *run_first_line(struct run *run, const char *otherwise)
{
    char *first = run->said + strspn(run->said, "\r\n");

    first[strcspn(first, "\r\n")] = '\0';
    return *first != '\0' ? first : otherwise;
}

const char *run_last_line(struct run *run, const char *otherwise)
{
    size_t bytes = strlen(run->said);

    while (bytes != 0 && (run->said[bytes - 1] == '\n' || run->said[bytes - 1] == '\r'))
        bytes--;
    run->said[bytes] = '\0';
    const char *const before = strrchr(run->said, '\n');
    const char *const last = before != NULL ? before + 1 : run->said;
    return *last != '\0' ? last : otherwise;
}
