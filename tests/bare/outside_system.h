/* SPDX-License-Identifier: MIT
 *
 * A program for another system in an emulated CPU: the two loaders and what they
 * find. A program that does anything unexpected ends the runner with status 2.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <unicorn/unicorn.h>

#include "base/compiler.h"

#define PAGE_BYTES     4096
#define STACK_TOP      0x70000000
#define STACK_BYTES    0x100000
#define STATUS_OFFENDS 2

/* A program file, as it lies on the disk. */
struct program_file {
    const uint8_t *bytes;
    size_t count;
};

/* Both load a program at its preferred address and return its entry. */
uint64_t windows_load(uc_engine *cpu, const struct program_file *file);
uint64_t macos_load(uc_engine *cpu, const struct program_file *file);

/* `count` bytes of the file at `offset`, which must be there. */
const void *file_at(const struct program_file *file, uint64_t offset, size_t count);

/* Give the program some memory and fill its start. */
void program_map(uc_engine *cpu, uint64_t address, uint64_t bytes, const void *content,
                 size_t count);

/* Write bytes of the program's memory to the standard output. */
void program_write(uc_engine *cpu, uint64_t address, uint64_t bytes);

uint64_t register_get(uc_engine *cpu, int name);
void register_set(uc_engine *cpu, int name, uint64_t value);

/* The program ends here. */
NORETURN void program_exit(uint64_t status);
NORETURN void program_offends(const char *what);
