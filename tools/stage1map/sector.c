/* SPDX-License-Identifier: MIT
 *
 * See sector.h. Spec: NASM 2.16 manual, section 8.1.4 (map files).
 */
#include "tools/stage1map/sector.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "boot/low_memory.h"

#define LINE_SIZE 512

/* How a symbol of a section stands in the map; plain constants have two columns. */
#define SYMBOL_FORMAT "%x %x %39s %1s"
#define SYMBOL_FIELDS 3

static NORETURN void fail(const char *which, const char *what)
{
    fprintf(stderr, "stage1map: %s: %s\n", which, what);
    exit(EXIT_FAILURE);
}

static FILE *open_to_read(const char *path)
{
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        fail(path, strerror(errno));
    return file;
}

/* The next symbol of the map; false at its end. */
static bool next_symbol(FILE *file, unsigned *address, char name[SECTOR_NAME_SIZE])
{
    char line[LINE_SIZE];
    char rest[2];
    unsigned load;

    while (fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, SYMBOL_FORMAT, &load, address, name, rest) == SYMBOL_FIELDS &&
            *address >= LOW_STAGE1 && *address < LOW_STAGE1 + SECTOR_BYTES)
            return true;
    return false;
}

static void read_map(struct sector *sector, const char *path)
{
    FILE *const file = open_to_read(path);
    unsigned address;
    char name[SECTOR_NAME_SIZE];

    sector->count = 0;
    while (next_symbol(file, &address, name)) {
        if (strchr(name, '.') != NULL)
            continue;
        if (sector->count == SECTOR_PARTS_MAX)
            fail(path, "more labels than expected");
        struct sector_part *const part = &sector->parts[sector->count++];
        memcpy(part->name, name, sizeof(name));
        part->purpose[0] = '\0';
        part->offset = address - LOW_STAGE1;
    }
    fclose(file);
    if (sector->count == 0 || sector->parts[0].offset != 0)
        fail(path, "no label at the sector's first byte");
}

/* Where each part ends. */
static void measure(struct sector *sector)
{
    for (size_t i = 0; i < sector->count; i++) {
        struct sector_part *const part = &sector->parts[i];
        const unsigned end =
            i + 1 < sector->count ? sector->parts[i + 1].offset : (unsigned)SECTOR_BYTES;

        if (end < part->offset)
            fail(part->name, "labels are not in order");
        part->bytes = end - part->offset;
    }
}

static void read_purposes(struct sector *sector, const char *path)
{
    FILE *const file = open_to_read(path);
    char line[LINE_SIZE];

    while (fgets(line, sizeof(line), file) != NULL) {
        for (size_t i = 0; i < sector->count; i++) {
            struct sector_part *const part = &sector->parts[i];
            const size_t length = strlen(part->name);
            if (strncmp(line, "; ", 2) != 0 || strncmp(line + 2, part->name, length) != 0 ||
                strncmp(line + 2 + length, ": ", 2) != 0)
                continue;
            snprintf(part->purpose, sizeof(part->purpose), "%.*s", SECTOR_TEXT_SIZE - 1,
                     line + 2 + length + 2);
            part->purpose[strcspn(part->purpose, "\r\n")] = '\0';
        }
    }
    fclose(file);
    for (size_t i = 0; i < sector->count; i++)
        if (sector->parts[i].purpose[0] == '\0')
            fail(sector->parts[i].name, "the source says nothing about it");
}

void sector_read(struct sector *sector, const char *map, const char *source, const char *binary)
{
    FILE *const file = open_to_read(binary);
    if (fread(sector->bytes, 1, SECTOR_BYTES, file) != SECTOR_BYTES || fgetc(file) != EOF)
        fail(binary, "not one sector");
    fclose(file);
    read_map(sector, map);
    measure(sector);
    read_purposes(sector, source);
}

void sector_print_symbols(const char *map)
{
    FILE *const file = open_to_read(map);
    unsigned address;
    char name[SECTOR_NAME_SIZE];

    while (next_symbol(file, &address, name))
        printf("%016x %s\n", address, name);
    fclose(file);
}
