/* SPDX-License-Identifier: MIT
 *
 * Runs a Windows or a macOS program of this folder on Linux: its own machine
 * code in an emulated CPU, and the few services of its system that it asks for.
 * No Windows and no macOS: what is shown is that code and calling convention are
 * right, not that the system would load the file.
 */
#include "tests/bare/outside_system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES_MAX  0x1000000
#define STACK_ALIGNMENT 16
#define WORD_BYTES      8
#define MACHO_MAGIC     "\xCF\xFA\xED\xFE"

void program_exit(uint64_t status)
{
    fflush(stdout);
    exit((int)status);
}

void program_offends(const char *what)
{
    fprintf(stderr, "outside_system: %s\n", what);
    program_exit(STATUS_OFFENDS);
}

const void *file_at(const struct program_file *file, uint64_t offset, size_t count)
{
    if (offset > file->count || count > file->count - offset)
        program_offends("the file ends too early");
    return file->bytes + offset;
}

void program_map(uc_engine *cpu, uint64_t address, uint64_t bytes, const void *content,
                 size_t count)
{
    const uint64_t whole = (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    if (uc_mem_map(cpu, address, whole, UC_PROT_ALL) != UC_ERR_OK || count > bytes ||
        uc_mem_write(cpu, address, content, count) != UC_ERR_OK)
        program_offends("it cannot lie where it wants to");
}

void program_write(uc_engine *cpu, uint64_t address, uint64_t bytes)
{
    for (; bytes != 0; bytes--, address++) {
        char letter;
        if (uc_mem_read(cpu, address, &letter, sizeof(letter)) != UC_ERR_OK)
            program_offends("it writes what is not there");
        putchar(letter);
    }
}

uint64_t register_get(uc_engine *cpu, int name)
{
    uint64_t value = 0;
    uc_reg_read(cpu, name, &value);
    return value;
}

void register_set(uc_engine *cpu, int name, uint64_t value)
{
    uc_reg_write(cpu, name, &value);
}

/* Enter as both systems do: by a call, on an aligned stack, without arguments. */
static void run(uc_engine *cpu, uint64_t entry)
{
    uc_mem_map(cpu, STACK_TOP - STACK_BYTES, STACK_BYTES, UC_PROT_READ | UC_PROT_WRITE);
    register_set(cpu, UC_X86_REG_RSP, STACK_TOP - STACK_ALIGNMENT - WORD_BYTES);
    register_set(cpu, UC_X86_REG_RDI, 0);
    const uc_err error = uc_emu_start(cpu, entry, 0, 0, 0);
    program_offends(error == UC_ERR_OK ? "it returned" : uc_strerror(error));
}

int main(int count, char **arguments)
{
    static uint8_t bytes[FILE_BYTES_MAX];
    FILE *const input = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (input == NULL)
        program_offends("give it one program file");
    const struct program_file file = { bytes, fread(bytes, 1, sizeof(bytes), input) };
    fclose(input);

    uc_engine *cpu;
    if (uc_open(UC_ARCH_X86, UC_MODE_64, &cpu) != UC_ERR_OK)
        program_offends("no emulated CPU");
    const bool is_macho =
        memcmp(file_at(&file, 0, sizeof(MACHO_MAGIC)), MACHO_MAGIC, sizeof(MACHO_MAGIC) - 1) == 0;
    run(cpu, is_macho ? macos_load(cpu, &file) : windows_load(cpu, &file));
}
