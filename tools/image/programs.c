/* SPDX-License-Identifier: MIT
 *
 * See programs.h.
 */
#include "tools/image/programs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/disk/command.h"
#include "tools/image/say.h"
#include "tools/image/work.h"

/* System tools such as mkfs.fat are not on every user's path. */
#define MORE_FOLDERS "/usr/local/sbin:/usr/sbin:/sbin"

/* Time stamps on the volume: always the same moment, unless the caller names one. */
#define EPOCH_NAME  "SOURCE_DATE_EPOCH"
#define EPOCH_USUAL "1767225600"

#define MTOOLS_PREFIX "MTOOLS"

#define REASON_BYTES 1024

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

void programs_set_environment(void)
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

bool program_is_there(const char *program)
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

const char *program_run(const char *const words[], const char *otherwise)
{
    static char reason[REASON_BYTES];

    work_go_on();
    const bool done = command_explain(words, reason, sizeof(reason));
    work_go_on();
    if (done)
        return NULL;
    /* Some fail without a word. */
    const size_t bytes = strlen(reason);
    return bytes == 0 || reason[bytes - 1] == ' ' ? otherwise : reason;
}
