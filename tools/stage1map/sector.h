/* SPDX-License-Identifier: MIT
 *
 * The boot sector taken apart: which bytes belong to which label, from NASM's
 * symbol map, and what each is for, from the comments of the source.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "boot/disk_layout.h"

#define SECTOR_PARTS_MAX 64
#define SECTOR_NAME_SIZE 40
#define SECTOR_TEXT_SIZE 160

/* One label and the bytes up to the next one. */
struct sector_part {
    char name[SECTOR_NAME_SIZE];
    char purpose[SECTOR_TEXT_SIZE]; /* the sentence behind `; name: ` in the source */
    unsigned offset;
    unsigned bytes;
};

struct sector {
    struct sector_part parts[SECTOR_PARTS_MAX];
    size_t count;
    uint8_t bytes[SECTOR_BYTES];
};

/* Fill it from the three files; what does not fit together ends the program with a sentence. */
void sector_read(struct sector *sector, const char *map, const char *source, const char *binary);

/* Print every label of the map, local ones too: address and name, as debuggers load them. */
void sector_print_symbols(const char *map);
