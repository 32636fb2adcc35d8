/* SPDX-License-Identifier: MIT
 *
 * ELF64 files built by hand: a header and program headers, so that a test can
 * spoil any number in them. There are no contents behind the headers.
 */
#pragma once

#include <stdint.h>

#include "hw/elf64.h"
#include "kernel/core/elf64.h"

#define ELF64_BUILDER_HEADERS 40

/* Exactly what begins such a file: the program headers follow the header. */
struct elf64_builder {
    struct elf64_header header;
    struct elf64_program_header program[ELF64_BUILDER_HEADERS];
    uint64_t file_bytes; /* what the file claims to be long */
    uint32_t count;
};

/* A header of that type and entry point, with no program headers yet. */
void elf64_builder_make(struct elf64_builder *builder, uint16_t type, uint64_t entry);

/* Add a program header; offset and address agree modulo a page. */
struct elf64_program_header *elf64_builder_add(struct elf64_builder *builder, uint32_t type,
                                               uint32_t flags, uint64_t virt, uint64_t file_bytes,
                                               uint64_t memory_bytes);

/* Store a number of 1..8 bytes, least significant first. */
void elf64_put(uint8_t *bytes, unsigned size, uint64_t value);
#define ELF64_PUT(member, value) elf64_put((member), sizeof(member), (value))

/* Header and program headers judged, one after the other. */
enum boot_status elf64_builder_plan(const struct elf64_builder *builder, struct elf64_plan *plan,
                                    struct elf64_problem *problem);
