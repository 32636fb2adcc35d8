/* SPDX-License-Identifier: MIT
 *
 * ELF64 files built by hand: a header and program headers.
 * Spec: System V ABI (gABI 4.3 draft), chapters 4 and 5.
 */
#include "tests/unit/elf64_builder.h"

#include <stdlib.h>
#include <string.h>

#include "hw/paging.h"

#define FILE_BYTES 0x100000

void elf64_put(uint8_t *bytes, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

void elf64_builder_make(struct elf64_builder *builder, uint16_t type, uint64_t entry)
{
    memset(builder, 0, sizeof(*builder));
    struct elf64_header *header = &builder->header;
    memcpy(header->magic,
           "\x7F"
           "ELF",
           sizeof(header->magic));
    header->class = ELF_CLASS_64;
    header->data = ELF_DATA_LITTLE;
    header->ident_version = ELF_VERSION;
    ELF64_PUT(header->type, type);
    ELF64_PUT(header->machine, ELF_MACHINE_X86_64);
    ELF64_PUT(header->version, ELF_VERSION);
    ELF64_PUT(header->entry, entry);
    ELF64_PUT(header->program_offset, sizeof(*header));
    ELF64_PUT(header->header_bytes, sizeof(*header));
    ELF64_PUT(header->program_entry_bytes, sizeof(struct elf64_program_header));
    builder->file_bytes = FILE_BYTES;
}

struct elf64_program_header *elf64_builder_add(struct elf64_builder *builder, uint32_t type,
                                               uint32_t flags, uint64_t virt, uint64_t file_bytes,
                                               uint64_t memory_bytes)
{
    if (builder->count == ELF64_BUILDER_HEADERS)
        abort();
    struct elf64_program_header *program = &builder->program[builder->count++];
    ELF64_PUT(program->type, type);
    ELF64_PUT(program->flags, flags);
    ELF64_PUT(program->offset, PAGE_BYTES + virt % PAGE_BYTES);
    ELF64_PUT(program->virt, virt);
    ELF64_PUT(program->phys, 0xFFFFFFFFFFFFFFFF); /* nobody may look at it */
    ELF64_PUT(program->file_bytes, file_bytes);
    ELF64_PUT(program->memory_bytes, memory_bytes);
    ELF64_PUT(program->alignment, PAGE_BYTES);
    ELF64_PUT(builder->header.program_count, builder->count);
    return program;
}

enum boot_status elf64_builder_plan(const struct elf64_builder *builder, struct elf64_plan *plan,
                                    struct elf64_problem *problem)
{
    struct elf64_header_plan header;
    const enum boot_status status =
        elf64_parse_header((const uint8_t *)&builder->header, builder->file_bytes, &header);
    if (status != BOOT_OK)
        return status;
    return elf64_make_plan(&header, (const uint8_t *)builder->program, plan, problem);
}
