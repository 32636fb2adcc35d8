/* SPDX-License-Identifier: MIT
 *
 * See grow_compare.h. Spec: mtools(1), mdir and mattrib.
 */
#define _GNU_SOURCE
#include "tools/disk/grow_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "stage2/plan/reason.h"
#include "tools/disk/command.h"
#include "tools/disk/view.h"

#define PIECE_BYTES ((size_t)1 << 20)
#define SHORT_NAME  12 /* where mdir's sizes, times and long names begin: behind "NAME     EXT" */

bool grow_compare_list(char **list, struct refusal *refusal)
{
    char *const all[] = { "mdir", "-/", "-a", "d:/", NULL };
    char *const attributes[] = { "mattrib", "-/", "d:/", NULL };
    char *first, *second;

    if (!command_read(all, &first))
        return refuse(refusal, "mdir cannot list what is on the volume");
    const bool is_read = command_read(attributes, &second);
    const bool is_made = is_read && asprintf(list, "%s%s", first, second) >= 0;
    free(first);
    if (is_read)
        free(second);
    return is_made || refuse(refusal, "mattrib cannot list what is on the volume");
}

/*
 * What counts of a line. The short name that FAT gives to a long one depends on what
 * else there was when it was made, and free room is what we are here for.
 */
static const char *behind_short_name(const char *line, const char *end)
{
    unsigned characters = 0;

    if (memmem(line, (size_t)(end - line), "bytes free", strlen("bytes free")) != NULL)
        return end;
    if (line == end || *line == ' ')
        return line;
    const char *at = line;
    for (; at < end && characters < SHORT_NAME; at++)
        characters += ((unsigned char)at[1] & 0xC0) != 0x80; /* not inside a UTF-8 character */
    /* A name that is short itself is all there is in this line. */
    return at < end && memchr(at, ':', (size_t)(end - at)) != NULL && end[-1] != ' ' ? at : line;
}

bool grow_compare_lists(const char *old, const char *made, struct refusal *refusal)
{
    while (*old != '\0' || *made != '\0') {
        const char *const old_end = strchrnul(old, '\n'), *const made_end = strchrnul(made, '\n');
        const char *const left = behind_short_name(old, old_end);
        const char *const right = behind_short_name(made, made_end);
        if (old_end - left != made_end - right ||
            memcmp(left, right, (size_t)(old_end - left)) != 0)
            return refuse(refusal, "the copy differs: \"%.*s\" has become \"%.*s\"",
                          (int)(old_end - old), old, (int)(made_end - made), made);
        old = old_end + (*old_end != '\0');
        made = made_end + (*made_end != '\0');
    }
    return true;
}

static bool compare_file(struct view *old, struct view *made, const char *path,
                         struct refusal *refusal)
{
    static uint8_t left[PIECE_BYTES], right[PIECE_BYTES];
    struct fat_file old_file, made_file;
    enum boot_status status = fat_open_path(&old->volume, path, &old_file);

    if (status == BOOT_OK)
        status = fat_open_path(&made->volume, path, &made_file);
    if (status != BOOT_OK)
        return refuse(refusal, "%s: %s", path, reason_text(status));
    if (old_file.bytes != made_file.bytes)
        return refuse(refusal, "%s: the copy has another length", path);
    for (uint64_t at = 0; at < old_file.bytes;) {
        const uint64_t rest = old_file.bytes - at;
        const size_t bytes = rest < PIECE_BYTES ? (size_t)rest : PIECE_BYTES;
        status = fat_read(&old_file, at, bytes, left);
        if (status == BOOT_OK)
            status = fat_read(&made_file, at, bytes, right);
        if (status != BOOT_OK)
            return refuse(refusal, "%s: %s", path, reason_text(status));
        if (memcmp(left, right, bytes) != 0)
            return refuse(refusal, "%s: the copy has other bytes", path);
        at += bytes;
    }
    return true;
}

/* Lines such as D:/folder/ and D:/folder/file; folders are in the lists, and have no bytes. */
static bool compare_paths(struct view *old, struct view *made, char *paths, struct refusal *refusal)
{
    for (char *line = strtok(paths, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        const char *const path = strchr(line, '/');
        if (path == NULL || path[strlen(path) - 1] == '/')
            continue;
        if (!compare_file(old, made, path, refusal))
            return false;
    }
    return true;
}

bool grow_compare_files(const char *old, const char *made, struct refusal *refusal)
{
    static struct view old_view, made_view;
    char *const arguments[] = { "mdir", "-/", "-b", "-a", "d:/", NULL };
    char *paths;

    if (!view_open(&old_view, old, refusal))
        return false;
    bool is_same = view_open(&made_view, made, refusal);
    if (is_same) {
        is_same = command_read(arguments, &paths) ||
                  refuse(refusal, "mdir cannot list what is on the volume");
        if (is_same) {
            is_same = compare_paths(&old_view, &made_view, paths, refusal);
            free(paths);
        }
        view_close(&made_view);
    }
    view_close(&old_view);
    return is_same;
}
