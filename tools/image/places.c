/* SPDX-License-Identifier: MIT
 *
 * See places.h. Spec: Linux /proc/self/exe.
 */
#include "tools/image/places.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/image/say.h"

/* From the folder of this program. */
static const char *const folders[] = { "../..", "../share/coldstart" };

#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

/* The folder of this program's file. */
static void own_folder(char path[PATH_MAX])
{
    const ssize_t bytes = readlink("/proc/self/exe", path, PATH_MAX - 1);

    path[bytes > 0 ? bytes : 0] = '\0';
    char *const slash = strrchr(path, '/');
    if (slash == NULL)
        fail("/proc/self/exe does not tell where this program lies");
    *slash = '\0';
}

char *place_look(const char *name)
{
    char folder[PATH_MAX];

    own_folder(folder);
    for (unsigned i = 0; i < FOLDERS; i++) {
        char *const path = text_make("%s/%s/%s", folder, folders[i], name);
        char *const plain = realpath(path, NULL);
        free(path);
        if (plain != NULL)
            return plain;
    }
    return NULL;
}

char *place_find(const char *name, const char *option)
{
    char *const path = place_look(name);
    char folder[PATH_MAX];

    if (path != NULL)
        return path;
    own_folder(folder);
    fail("no %s in %s/%s and %s/%s%s%s%s", name, folder, folders[0], folder, folders[1],
         option != NULL ? "; " : "", option != NULL ? option : "",
         option != NULL ? " names it" : "");
}
