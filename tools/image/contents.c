/* SPDX-License-Identifier: MIT
 *
 * See contents.h. Spec: Microsoft FAT specification, sections 6 and 7.
 */
#include "tools/image/contents.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "tools/image/host_file.h"
#include "tools/image/say.h"

#define ENTRY_BYTES     32
#define LONG_NAME_PIECE 13 /* characters of a long name in one entry */
#define DOT_ENTRIES     2

/* Neither may be in a name; "/" parts names. */
static const char forbidden[] = "\"*:<>?\\|";

static void *grown(void *array, size_t count, size_t item_bytes)
{
    void *const more = realloc(array, (count + 1) * item_bytes);
    if (more == NULL)
        fail("no memory left");
    return more;
}

/* One entry for the short name, and some for the long one. */
static uint64_t name_entries(size_t name_bytes)
{
    return 1 + (name_bytes + LONG_NAME_PIECE - 1) / LONG_NAME_PIECE;
}

/* FAT knows no upper case. */
struct content_folder *contents_folder(const struct contents *contents, const char *path,
                                       size_t bytes)
{
    for (size_t i = 0; i < contents->folder_count; i++) {
        struct content_folder *const folder = &contents->folders[i];
        if (strlen(folder->path) == bytes && strncasecmp(folder->path, path, bytes) == 0)
            return folder;
    }
    return NULL;
}

/* A name goes into the folder that ends at `parent` bytes. */
static void note_name(struct contents *contents, const char *path, size_t parent, size_t end)
{
    const uint64_t entries = name_entries(end - parent - 1);

    if (parent == 0)
        contents->root_entries += entries;
    else
        contents_folder(contents, path, parent)->entries += entries;
}

static void note_folders(struct contents *contents, const char *path)
{
    size_t parent = 0;

    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        const size_t end = (size_t)(slash - path);
        if (contents_folder(contents, path, end) == NULL) {
            note_name(contents, path, parent, end);
            contents->folders =
                grown(contents->folders, contents->folder_count, sizeof(*contents->folders));
            contents->folders[contents->folder_count++] =
                (struct content_folder){ .path = text_make("%.*s", (int)end, path),
                                         .entries = DOT_ENTRIES };
        }
        parent = end;
    }
    note_name(contents, path, parent, strlen(path));
}

/* Names that FAT cannot have would silently become others. */
static void judge_path(const char *from, const char *path)
{
    const size_t bytes = strlen(path);

    if (path[0] != '/' || bytes < 2 || path[bytes - 1] == '/')
        misused("not a file's path on the volume: %s", path);
    for (size_t i = 0; i < bytes; i++) {
        const bool ends = path[i + 1] == '/' || path[i + 1] == '\0';
        if ((unsigned char)path[i] < ' ' || strchr(forbidden, path[i]) != NULL ||
            (ends && (path[i] == '.' || path[i] == ' ')) || (path[i] == '/' && ends))
            fail("%s: a FAT volume cannot have the name %s", from, path);
    }
}

void contents_add(struct contents *contents, const char *from, const char *path)
{
    const uint64_t bytes = host_file_need(from);

    judge_path(from, path);
    if (bytes > UINT32_MAX)
        fail("%s: a file on a FAT volume has less than 4 GiB", from);
    note_folders(contents, path);
    contents->files = grown(contents->files, contents->file_count, sizeof(*contents->files));
    contents->files[contents->file_count++] = (struct content){ .from = text_make("%s", from),
                                                                .path = text_make("%s", path),
                                                                .bytes = bytes };
}

static int by_bytes(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static int is_no_dot(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* `path` is the folder's on the volume; "" is the root. */
static void add_below(struct contents *contents, const char *folder, const char *path)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_no_dot, by_bytes);

    if (count < 0)
        fail("%s: %s", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        char *const from = text_make("%s/%s", folder, entries[i]->d_name);
        char *const to = text_make("%s/%s", path, entries[i]->d_name);
        struct stat status;
        if (stat(from, &status) != 0)
            fail("%s: %s", from, strerror(errno));
        if (S_ISDIR(status.st_mode))
            add_below(contents, from, to);
        else
            contents_add(contents, from, to);
        free(from);
        free(to);
        free(entries[i]);
    }
    free(entries);
}

void contents_add_folder(struct contents *contents, const char *folder)
{
    struct stat status;

    if (stat(folder, &status) != 0)
        fail("%s: %s", folder, strerror(errno));
    if (!S_ISDIR(status.st_mode))
        fail("%s: not a folder", folder);
    add_below(contents, folder, "");
}

static uint64_t clusters(uint64_t bytes, uint32_t cluster_bytes)
{
    return (bytes + cluster_bytes - 1) / cluster_bytes;
}

uint64_t contents_clusters(const struct contents *contents, uint32_t cluster_bytes)
{
    /* The volume's label is an entry of the root folder, too. */
    uint64_t sum = clusters((contents->root_entries + 1) * ENTRY_BYTES, cluster_bytes);

    for (size_t i = 0; i < contents->file_count; i++)
        sum += clusters(contents->files[i].bytes, cluster_bytes);
    for (size_t i = 0; i < contents->folder_count; i++)
        sum += clusters(contents->folders[i].entries * ENTRY_BYTES, cluster_bytes);
    return sum;
}
