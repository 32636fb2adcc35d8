/* SPDX-License-Identifier: MIT
 *
 * replay: make an option ROM of the firmware record in a log, and print the
 * machine that can play it: its model, its MiB of RAM, and those of them below
 * 4 GiB when there are some above, else 0. Writes the ROM whole or not at all.
 *
 *   replay --emulator qemu|bochs --code rom.raw --output ROM LOG
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/replay/machine.h"
#include "tools/replay/record.h"
#include "tools/replay/rom.h"

#define STATUS_MISUSED   2
#define LOG_MAX          (16U << 20) /* a console log; more is something else */
#define TEMPORARY_SUFFIX ".new"
#define PATH_ROOM        4096

struct options {
    enum emulator emulator;
    const char *code, *output, *log;
};

static NORETURN void misused(void)
{
    fputs("usage: replay --emulator qemu|bochs --code ROM.RAW --output ROM LOG\n", stderr);
    exit(STATUS_MISUSED);
}

/* Leave with one line; a null `what` means errno's text. */
static NORETURN void fail(const char *path, const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what != NULL ? what : strerror(errno));
    exit(EXIT_FAILURE);
}

static struct options options_read(int count, char **arguments)
{
    static const struct option known[] = {
        { "emulator", required_argument, NULL, 'e' },
        { "code", required_argument, NULL, 'c' },
        { "output", required_argument, NULL, 'o' },
        { NULL, 0, NULL, 0 },
    };
    struct options options = { EMULATOR_QEMU, NULL, NULL, NULL };
    int letter;

    while ((letter = getopt_long(count, arguments, "e:c:o:", known, NULL)) != -1) {
        if (letter == 'e' && strcmp(optarg, "bochs") == 0)
            options.emulator = EMULATOR_BOCHS;
        else if (letter == 'e' && strcmp(optarg, "qemu") == 0)
            options.emulator = EMULATOR_QEMU;
        else if (letter == 'c')
            options.code = optarg;
        else if (letter == 'o')
            options.output = optarg;
        else
            misused();
    }
    if (optind != count - 1 || options.code == NULL || options.output == NULL)
        misused();
    options.log = arguments[optind];
    return options;
}

/* At most `room` bytes of a file; a longer one is refused. */
static size_t file_read(const char *path, void *buffer, size_t room)
{
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        fail(path, NULL);
    const size_t count = fread(buffer, 1, room, file);
    if (ferror(file))
        fail(path, NULL);
    if (count == room && fgetc(file) != EOF)
        fail(path, "too long");
    fclose(file);
    return count;
}

/* Under another name first, so that the file is there whole or not at all. */
static void file_write(const char *path, const uint8_t *bytes, size_t count)
{
    char temporary[PATH_ROOM];
    const int length = snprintf(temporary, sizeof(temporary), "%s%s", path, TEMPORARY_SUFFIX);
    if (length < 0 || (size_t)length >= sizeof(temporary))
        fail(path, "the path is too long");

    FILE *const file = fopen(temporary, "wb");
    if (file == NULL)
        fail(temporary, NULL);
    const size_t written = fwrite(bytes, 1, count, file);
    if (fclose(file) != 0 || written != count || rename(temporary, path) != 0) {
        const int reason = errno;
        remove(temporary);
        errno = reason;
        fail(path, NULL);
    }
}

static void read_log(const char *path, struct record *record)
{
    char *const text = malloc(LOG_MAX);
    struct record_problem problem;

    if (text == NULL)
        fail(path, NULL);
    const size_t bytes = file_read(path, text, LOG_MAX);
    if (!record_read(text, bytes, record, &problem)) {
        fputs(path, stderr);
        if (problem.line != 0)
            fprintf(stderr, ":%u", problem.line);
        fprintf(stderr, ": %s", record_reason(problem.status));
        if (problem.word[0] != '\0')
            fprintf(stderr, ": '%s'", problem.word);
        fputs("\n", stderr);
        exit(EXIT_FAILURE);
    }
    free(text);
}

/* What the machine will do otherwise than the recorded one. */
static void say_differences(const char *path, const struct record *record)
{
    if (record->a20_method == BOOT_A20_KEYBOARD)
        fprintf(stderr,
                "%s: A20 was opened by the keyboard controller, because port 92h had not worked; "
                "an emulator's does, so the loader will open it there\n",
                path);
}

static void print_machine(const char *path, const struct record *record, enum emulator emulator)
{
    struct machine machine;

    if (!machine_choose(record, emulator, &machine)) {
        fprintf(stderr, "%s: %s cannot have the recorded RAM from 0x%" PRIx64 " to 0x%" PRIx64 "\n",
                path, emulator == EMULATOR_QEMU ? "QEMU" : "Bochs", machine.missing_first,
                machine.missing_last);
        exit(EXIT_FAILURE);
    }
    printf("%s %" PRIu64 " %" PRIu64 "\n", machine.model, machine.memory_mib, machine.below_4g_mib);
}

int main(int count, char **arguments)
{
    static struct record record;
    static struct replay_table table;
    static uint8_t code[ROM_CODE_MAX], rom[ROM_MAX];

    const struct options options = options_read(count, arguments);
    const size_t code_bytes = file_read(options.code, code, sizeof(code));
    read_log(options.log, &record);
    replay_table_fill(&record, &table);
    const size_t rom_bytes = rom_build(code, code_bytes, &table, rom);
    if (rom_bytes == 0)
        fail(options.code, "not the code of a replay ROM");
    print_machine(options.log, &record, options.emulator);
    file_write(options.output, rom, rom_bytes);
    say_differences(options.log, &record);
    return EXIT_SUCCESS;
}
