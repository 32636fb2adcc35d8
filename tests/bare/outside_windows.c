/* SPDX-License-Identifier: MIT
 *
 * Loads a 64-bit Windows program and is the three functions of kernel32.dll that
 * it may import.
 * Source: Microsoft, PE Format.
 */
#include <string.h>

#include "tests/bare/outside_system.h"

#define PE_SIGNATURE      0x4550 /* "PE" */
#define PE32_PLUS         0x20B
#define DIRECTORIES       16
#define DIRECTORY_IMPORTS 1
#define NAME_BYTES        32
#define IMPORTS_MAX       8
#define IMPORTED          0x60000000 /* where the imported functions lie, one every SLOT_BYTES */
#define SLOT_BYTES        16
#define RETURN            "\xC3"
#define STD_OUTPUT_HANDLE 0xFFFFFFF5
#define HANDLE            0x1234

struct dos_header {
    uint8_t old[60];
    uint32_t header;
};

struct pe_header {
    uint32_t signature;
    uint16_t machine, sections;
    uint8_t unused[12];
    uint16_t optional_bytes, characteristics;
    uint16_t magic;
    uint8_t linker[14];
    uint32_t entry, code;
    uint64_t base;
    uint8_t versions[24];
    uint32_t image_bytes, header_bytes;
    uint8_t sizes[48];
    struct {
        uint32_t place, bytes;
    } directories[DIRECTORIES];
} PACKED;
ASSERT_OFFSET(struct pe_header, magic, 24);
ASSERT_OFFSET(struct pe_header, directories, 24 + 112);

struct pe_section {
    char name[8];
    uint32_t bytes, place, file_bytes, file_offset;
    uint8_t unused[16];
};
ASSERT_SIZE(struct pe_section, 40);

struct pe_import {
    uint32_t lookup, time, forwarder, library, addresses;
};
ASSERT_SIZE(struct pe_import, 20);

/* The names of the imported functions, in the order of their slots. */
static char imported[IMPORTS_MAX][NAME_BYTES];

/* WriteFile(rcx file, rdx bytes, r8 count, r9 where the number written goes). */
static void write_file(uc_engine *cpu)
{
    const uint32_t count = (uint32_t)register_get(cpu, UC_X86_REG_R8);
    if (register_get(cpu, UC_X86_REG_RCX) != HANDLE)
        program_offends("it writes to no handle of ours");
    program_write(cpu, register_get(cpu, UC_X86_REG_RDX), count);
    uc_mem_write(cpu, register_get(cpu, UC_X86_REG_R9), &count, sizeof(count));
    register_set(cpu, UC_X86_REG_RAX, 1);
}

/* The CPU has come to a slot: be the function, and let the RET that lies there return. */
static void answer(uc_engine *cpu, uint64_t address, uint32_t bytes, void *context)
{
    (void)bytes;
    (void)context;
    const char *const name = imported[(address - IMPORTED) / SLOT_BYTES];
    const uint64_t first = register_get(cpu, UC_X86_REG_RCX);
    if (strcmp(name, "WriteFile") == 0)
        write_file(cpu);
    else if (strcmp(name, "GetStdHandle") == 0 && (uint32_t)first == STD_OUTPUT_HANDLE)
        register_set(cpu, UC_X86_REG_RAX, HANDLE);
    else if (strcmp(name, "ExitProcess") == 0)
        program_exit((uint32_t)first);
    else
        program_offends("a function that is none of the three");
}

static void link_imports(uc_engine *cpu, uint64_t base, uint64_t place)
{
    struct pe_import import;
    uc_mem_read(cpu, base + place, &import, sizeof(import));
    for (uint64_t i = 0; i < IMPORTS_MAX; i++) {
        uint64_t name = 0;
        uc_mem_read(cpu, base + import.lookup + i * sizeof(name), &name, sizeof(name));
        if (name == 0)
            return;
        uc_mem_read(cpu, base + name + sizeof(uint16_t), imported[i], NAME_BYTES - 1);
        const uint64_t slot = IMPORTED + i * SLOT_BYTES;
        uc_mem_write(cpu, base + import.addresses + i * sizeof(slot), &slot, sizeof(slot));
        uc_mem_write(cpu, slot, RETURN, 1);
    }
    program_offends("more imports than there are functions");
}

uint64_t windows_load(uc_engine *cpu, const struct program_file *file)
{
    const struct dos_header *const dos = file_at(file, 0, sizeof(*dos));
    const struct pe_header *const header = file_at(file, dos->header, sizeof(*header));
    if (header->signature != PE_SIGNATURE || header->magic != PE32_PLUS)
        program_offends("no 64-bit Windows program");
    program_map(cpu, header->base, header->image_bytes, file->bytes, header->header_bytes);
    for (uint16_t i = 0; i < header->sections; i++) {
        const struct pe_section *const section =
            file_at(file, dos->header + sizeof(*header) + i * sizeof(*section), sizeof(*section));
        const size_t count =
            section->bytes < section->file_bytes ? section->bytes : section->file_bytes;
        uc_mem_write(cpu, header->base + section->place, file_at(file, section->file_offset, count),
                     count);
    }
    program_map(cpu, IMPORTED, IMPORTS_MAX * SLOT_BYTES, "", 0);
    link_imports(cpu, header->base, header->directories[DIRECTORY_IMPORTS].place);
    uc_hook hook;
    uc_hook_add(cpu, &hook, UC_HOOK_CODE, (void *)answer, NULL, IMPORTED,
                IMPORTED + IMPORTS_MAX * SLOT_BYTES - 1);
    return header->base + header->entry;
}
