/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a log with a firmware record in it, as they are and once more
 * with the sum they should have. What is refused must be blamed on a line that
 * is there; what is taken must make a ROM that a BIOS would run, and a machine
 * or the reason why there is none.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hw/edd.h"
#include "kernel/core/crc32c.h"
#include "tools/replay/machine.h"
#include "tools/replay/record.h"
#include "tools/replay/rom.h"
#include "tools/replay/table.h"

#define TEXT_BYTES 0x20000
#define ROM_UNIT   512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool truth, const char *sentence)
{
    if (truth)
        return;
    fprintf(stderr, "not true that %s\n", sentence);
    abort();
}

static void check_machine(const struct record *record, enum emulator emulator)
{
    struct machine machine;

    if (!machine_choose(record, emulator, &machine)) {
        require(machine.missing_first <= machine.missing_last, "missing memory is some");
        return;
    }
    require(machine.memory_mib >= 1 && machine.memory_mib <= 1000 * 1024, "there is memory");
    require(machine.below_4g_mib <= machine.memory_mib && machine.below_4g_mib <= 3840,
            "what is below 4 GiB is a part of it");
}

static void check_rom(const struct record *record)
{
    static const uint8_t code[32] = { 0x55, 0xAA };
    static uint8_t rom[ROM_MAX];
    static struct replay_table table;
    uint8_t sum = 0;

    replay_table_fill(record, &table);
    require(table.cs * 16U + table.ip == 0x7C00, "stage 1 is entered at 7C00h");
    require(table.e820_after == REPLAY_E820_OVER || table.e820_after < table.e820_count,
            "behind the last answer is one of them or none");
    require(record->by == RECORD_BY_EDD || table.track_sectors != 0, "CHS has a geometry");
    const size_t length = rom_build(code, sizeof(code), &table, rom);
    require(length != 0 && length <= ROM_MAX && length == rom[2] * (size_t)ROM_UNIT,
            "a ROM knows its length");
    for (size_t i = 0; i < length; i++)
        sum = (uint8_t)(sum + rom[i]);
    require(sum == 0, "a ROM's bytes add up to 0");
}

static enum record_status try(const char *text, size_t bytes)
{
    static struct record record;
    struct record_problem problem;
    unsigned lines = 1;

    for (size_t i = 0; i < bytes; i++)
        lines += text[i] == '\n';
    if (!record_read(text, bytes, &record, &problem)) {
        require(problem.status != RECORD_OK, "a refusal has a reason");
        require(problem.line <= lines, "the line is there");
        require(memchr(problem.word, 0, sizeof(problem.word)) != NULL, "the word ends");
        return problem.status;
    }
    require(record.e820_count <= MEMORY_ANSWERS_MAX, "the answers fit");
    require(record.parameters_bytes <= RECORD_PARAMETERS_MAX, "the buffer fits");
    check_rom(&record);
    check_machine(&record, EMULATOR_QEMU);
    check_machine(&record, EMULATOR_BOCHS);
    return RECORD_OK;
}

/* Whether a line starts a record of version 1. */
static bool is_first(const char *line, size_t bytes)
{
    size_t at = strlen("record ");

    if (bytes <= at || memcmp(line, "record ", at) != 0)
        return false;
    while (at < bytes && line[at] == '0')
        at++;
    return at < bytes && line[at] == '1' && (at + 1 == bytes || line[at + 1] == ' ');
}

/* All from the first line `record 1` up to the first `end`, and the end that belongs to it. */
static size_t with_sum(const char *data, size_t bytes, char text[TEXT_BYTES])
{
    struct crc32c_tables tables;
    size_t length = 0;
    uint32_t sum = 0;
    bool inside = false;

    crc32c_tables_fill(&tables);
    while (bytes != 0) {
        const char *const end = memchr(data, '\n', bytes);
        const size_t step = end != NULL ? (size_t)(end - data) + 1 : bytes;
        size_t line = end != NULL ? step - 1 : step;
        while (line != 0 && strchr(" \t\r", data[line - 1]) != NULL && data[line - 1] != '\0')
            line--;
        inside = inside || is_first(data, line);
        if (line >= 3 && memcmp(data, "end", 3) == 0 && inside)
            break;
        if (inside) {
            memcpy(text + length, data, line);
            text[length + line] = '\n';
            sum = crc32c_update(&tables, sum, text + length, line + 1);
            length += line + 1;
        }
        data += step;
        bytes -= step;
    }
    return length + (size_t)sprintf(text + length, "end sum=%08x\n", sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static char text[TEXT_BYTES];

    if (bytes > TEXT_BYTES / 2)
        return 0;
    try((const char *)data, bytes);
    const enum record_status status = try(text, with_sum((const char *)data, bytes, text));
    require(status != RECORD_E_SUM && status != RECORD_E_UNENDED, "a right sum is believed");
    return 0;
}
