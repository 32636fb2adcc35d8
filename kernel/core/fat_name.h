/* SPDX-License-Identifier: MIT
 *
 * Names in a FAT folder: the wanted one, taken from a path; the long one,
 * gathered from its pieces; and whether they are the same. For the fat_*.c
 * files only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "boot/status.h"
#include "hw/fat.h"

/* One name of a path, as the long entries spell it: UTF-16. */
struct fat_name {
    uint32_t count; /* 1..FAT_LONG_NAME */
    uint16_t units[FAT_LONG_NAME];
};

/* A long name on its way: complete when `missing` is 0 and `pieces` is not. */
struct fat_long_name {
    uint8_t pieces;  /* 0: there is none */
    uint8_t missing; /* the order of the piece that comes next */
    uint8_t checksum;
    uint16_t units[FAT_LONG_PIECES * FAT_LONG_PIECE];
};

/* Take the next name off a path, up to '/' or the end. */
MUST_CHECK enum boot_status fat_name_take(const char **path, struct fat_name *name);

/* Add the piece met next in the folder; one out of order undoes all before. */
void fat_long_name_add(struct fat_long_name *name, const struct fat_long_entry *piece);

/* Is this entry, with the long name met before it, the wanted one? */
bool fat_name_matches(const struct fat_name *wanted, const struct fat_entry *entry,
                      const struct fat_long_name *long_name);
