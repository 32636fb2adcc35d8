/* SPDX-License-Identifier: MIT
 *
 * What shall lie on the volume: the files in the order in which they go there, and the
 * folders above them, each once. Puts nothing anywhere.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct content {
    char *from; /* a file of this machine */
    char *path; /* on the volume */
    uint64_t bytes;
};

struct content_folder {
    char *path;
    uint64_t entries; /* of 32 bytes, at most, in it */
    bool is_made;
};

struct contents {
    struct content *files;
    size_t file_count;
    struct content_folder *folders; /* a folder stands behind those above it */
    size_t folder_count;
    uint64_t root_entries;
};

/* One more file. What cannot be had, or cannot go there, ends the program. */
void contents_add(struct contents *contents, const char *from, const char *path);

/* All files below a folder of this machine, in the order of their names' bytes. */
void contents_add_folder(struct contents *contents, const char *folder);

/* The folder above `path` that ends at its `bytes`-th byte, which contents_add has noted. */
struct content_folder *contents_folder(const struct contents *contents, const char *path,
                                       size_t bytes);

/* How many clusters of so many bytes all of it takes, at most. */
uint64_t contents_clusters(const struct contents *contents, uint32_t cluster_bytes);
