/* SPDX-License-Identifier: MIT
 *
 * See work.h. A signal sets a flag; whoever works for long looks at it. Only the
 * program's ordinary end removes the folder.
 */
#include "tools/image/work.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/image/say.h"

#define STATUS_OF_SIGNAL 128 /* as a shell counts */

static char *folder;
static volatile sig_atomic_t stopped_by;

static void note_signal(int number)
{
    stopped_by = number;
}

/* Plain files only lie in it. */
static void remove_folder(void)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const files = fd < 0 ? NULL : fdopendir(fd);
    if (files == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(files)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(fd, entry->d_name, 0);
    }
    closedir(files);
    rmdir(folder);
}

static void catch_signals(void)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    struct sigaction action = { .sa_handler = note_signal };

    for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct sigaction before;
        /* What is ignored, as under nohup, stays ignored. */
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
    /* A limit on the size of files is an error like a full disk, and not the end. */
    signal(SIGXFSZ, SIG_IGN);
}

void work_begin(const char *out)
{
    const char *const slash = strrchr(out, '/');
    char *const parent =
        slash == NULL ? text_make(".") : text_make("%.*s/", (int)(slash - out), out);
    struct stat status;

    if (stat(parent, &status) != 0 || !S_ISDIR(status.st_mode) || access(parent, W_OK) != 0)
        fail("%s: no folder, or not to be written to", parent);
    if (stat(out, &status) == 0 && S_ISDIR(status.st_mode))
        fail("%s: is a folder", out);
    if (stat(out, &status) == 0 && !S_ISREG(status.st_mode))
        fail("%s: not a plain file; an image is made first, then written to a disk", out);
    catch_signals();
    folder = text_make("%s/.mkimage.XXXXXX", parent);
    if (mkdtemp(folder) == NULL)
        fail("%s: %s", parent, strerror(errno));
    free(parent);
    if (atexit(remove_folder) != 0) {
        remove_folder();
        fail("no memory left");
    }
}

char *work_path(const char *name)
{
    return text_make("%s/%s", folder, name);
}

bool work_is_stopped(void)
{
    return stopped_by != 0;
}

void work_go_on(void)
{
    if (stopped_by == 0)
        return;
    say_warning("stopped by a signal; nothing was made");
    exit(STATUS_OF_SIGNAL + stopped_by);
}
