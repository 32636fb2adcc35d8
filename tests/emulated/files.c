/* SPDX-License-Identifier: MIT
 *
 * Files of the build folder.
 */
#include "tests/emulated/files.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define PATH_BYTES 4096

const char *files_path(const char *name)
{
    static char path[PATH_BYTES];
    const char *const folder = getenv("COLDSTART_BUILD");

    snprintf(path, sizeof(path), "%s/%s", folder != NULL ? folder : "build", name);
    return path;
}

void files_show(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        putchar(text[i] == '\n' || isprint((unsigned char)text[i]) ? text[i] : '.');
    putchar('\n');
}

size_t files_read(const char *name, uint8_t *bytes, size_t room)
{
    FILE *const file = fopen(files_path(name), "rb");
    const size_t length = file != NULL ? fread(bytes, 1, room, file) : 0;

    if (length == 0 || fgetc(file) != EOF) {
        fprintf(stderr, "%s: not there, or not of the right length\n", files_path(name));
        exit(EXIT_FAILURE);
    }
    fclose(file);
    return length;
}
