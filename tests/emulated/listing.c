/* SPDX-License-Identifier: MIT
 *
 * Reads what the build puts beside a binary: symbols, the assembler's listing, the
 * disassembly. Only the places and lengths of instructions are taken from them.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulated/coverage.h"

#define LINE_BYTES     512
#define HEXADECIMAL    16
#define NASM_OFFSET    7  /* column of an assembler's listing where the offset begins ... */
#define NASM_BYTES     16 /* ... and the bytes; a '-' at their end: more on the next line */
#define NASM_END       36 /* ... and what the source says */
#define DISASSEMBLY_OF "Disassembly of section "
#define PADDING        0xCC /* the linker's, between two files' code */
#define PADDING_ALIGNS 16

bool coverage_read_symbols(struct coverage *coverage, const char *path)
{
    FILE *const file = fopen(path, "r");
    char line[LINE_BYTES];

    if (file == NULL)
        return false;
    while (fgets(line, sizeof(line), file) != NULL && coverage->symbol_count < COVERAGE_SYMBOLS) {
        struct coverage_symbol *const symbol = &coverage->symbols[coverage->symbol_count];
        unsigned long address;
        if (sscanf(line, "%lx %63s", &address, symbol->name) == 2 && address < COVERAGE_REACH) {
            symbol->address = (uint32_t)address;
            coverage->symbol_count++;
        }
    }
    fclose(file);
    return coverage->symbol_count > 0 && coverage->symbol_count < COVERAGE_SYMBOLS;
}

uint32_t coverage_find(const struct coverage *coverage, const char *name)
{
    for (size_t i = 0; i < coverage->symbol_count; i++)
        if (strcmp(coverage->symbols[i].name, name) == 0)
            return coverage->symbols[i].address;
    fprintf(stderr, "no symbol %s\n", name);
    exit(EXIT_FAILURE);
}

const struct coverage_symbol *coverage_name(const struct coverage *coverage, uint32_t address)
{
    const struct coverage_symbol *found = &coverage->symbols[0];

    for (size_t i = 0; i < coverage->symbol_count; i++)
        if (coverage->symbols[i].address <= address)
            found = &coverage->symbols[i];
    return found;
}

/* How many bytes stand in the bytes' column of a listing line. */
static unsigned nasm_bytes(const char *line)
{
    unsigned digits = 0;

    for (size_t i = NASM_BYTES; i < NASM_END && line[i] != '\0' && line[i] != ' '; i++)
        digits += isxdigit((unsigned char)line[i]) != 0;
    return digits / 2;
}

bool coverage_read_nasm(struct coverage *coverage, const char *path, uint32_t origin,
                        uint32_t first, uint32_t end)
{
    FILE *const file = fopen(path, "r");
    char line[LINE_BYTES];
    uint32_t begun = 0; /* where an instruction goes on that the last line began */

    if (file == NULL)
        return false;
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strlen(line) <= NASM_BYTES || !isxdigit((unsigned char)line[NASM_OFFSET]))
            continue;
        const uint32_t at = origin + (uint32_t)strtoul(line + NASM_OFFSET, NULL, HEXADECIMAL);
        const uint32_t start = begun != 0 ? begun : at;
        if (at >= first && at < end)
            coverage->length[start] = (uint8_t)(coverage->length[start] + nasm_bytes(line));
        const char *const stop = strchr(line + NASM_BYTES, ' ');
        begun = stop != NULL && stop[-1] == '-' ? start : 0;
    }
    fclose(file);
    return true;
}

/* One line of a disassembly, `    8020: e8 5d 06  call`: the instruction it holds. */
static void disassembly_line(struct coverage *coverage, const char *line, uint32_t first,
                             uint32_t end)
{
    char *rest;
    const unsigned long at = strtoul(line, &rest, HEXADECIMAL);
    unsigned bytes = 0;

    if (rest == line || rest[0] != ':' || at < first || at >= end)
        return;
    for (rest++; rest[0] == ' ' && isxdigit((unsigned char)rest[1]); rest += 3)
        bytes++;
    coverage->length[at] = (uint8_t)bytes;
}

/* What the linker put between two files' code is no instruction of anybody. */
static void drop_padding(struct coverage *coverage, const uint8_t *memory)
{
    for (uint32_t at = PADDING_ALIGNS; at < COVERAGE_REACH; at += PADDING_ALIGNS) {
        if (coverage_name(coverage, at)->address != at && coverage->length[at] != 0)
            continue;
        for (uint32_t before = at - 1; coverage->length[before] == 1 && memory[before] == PADDING;
             before--)
            coverage->length[before] = 0;
    }
}

bool coverage_read_disassembly(struct coverage *coverage, const char *path, const char *section,
                               const uint8_t *memory, uint32_t first, uint32_t end)
{
    FILE *const file = fopen(path, "r");
    char line[LINE_BYTES];
    bool found = false;

    if (file == NULL)
        return false;
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, DISASSEMBLY_OF, strlen(DISASSEMBLY_OF)) == 0) {
            if (found)
                break;
            found = strstr(line, section) != NULL;
        } else if (found) {
            disassembly_line(coverage, line, first, end);
        }
    }
    fclose(file);
    drop_padding(coverage, memory);
    return found;
}
