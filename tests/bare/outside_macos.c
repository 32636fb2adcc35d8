/* SPDX-License-Identifier: MIT
 *
 * Loads a Mach-O program and answers its two system calls.
 * Source: Apple, OS X ABI Mach-O File Format Reference.
 */
#include <string.h>

#include "tests/bare/outside_system.h"

#define LC_SEGMENT_64 0x19
#define LC_MAIN       0x80000028
#define SYSCALL_EXIT  0x2000001
#define SYSCALL_WRITE 0x2000004

struct macho_header {
    uint32_t magic, cpu, cpu_subtype, type, commands, commands_bytes, flags, reserved;
};
ASSERT_SIZE(struct macho_header, 32);

struct macho_segment {
    uint32_t command, bytes;
    char name[16];
    uint64_t address, address_bytes, offset, offset_bytes;
    uint32_t rights_most, rights, sections, flags;
};
ASSERT_SIZE(struct macho_segment, 72);

struct macho_main {
    uint32_t command, bytes;
    uint64_t entry, stack_bytes;
};
ASSERT_SIZE(struct macho_main, 24);

static void answer(uc_engine *cpu, void *context)
{
    (void)context;
    const uint64_t first = register_get(cpu, UC_X86_REG_RDI);
    const uint64_t bytes = register_get(cpu, UC_X86_REG_RDX);
    switch (register_get(cpu, UC_X86_REG_RAX)) {
    case SYSCALL_WRITE:
        program_write(cpu, register_get(cpu, UC_X86_REG_RSI), bytes);
        register_set(cpu, UC_X86_REG_RAX, bytes);
        return;
    case SYSCALL_EXIT:
        program_exit(first);
    default:
        program_offends("a system call that is none of the two");
    }
}

/* A segment without rights is the hole at address 0. */
static void load_segment(uc_engine *cpu, const struct program_file *file,
                         const struct macho_segment *segment)
{
    if (segment->rights == 0 || segment->address_bytes == 0)
        return;
    program_map(cpu, segment->address, segment->address_bytes,
                file_at(file, segment->offset, segment->offset_bytes), segment->offset_bytes);
}

uint64_t macos_load(uc_engine *cpu, const struct program_file *file)
{
    const struct macho_header *const header = file_at(file, 0, sizeof(*header));
    uint64_t offset = sizeof(*header);
    uint64_t base = 0, entry = 0;
    for (uint32_t i = 0; i < header->commands; i++) {
        const struct macho_segment *const segment = file_at(file, offset, sizeof(uint64_t));
        if (segment->command == LC_SEGMENT_64) {
            load_segment(cpu, file, file_at(file, offset, sizeof(*segment)));
            if (strcmp(segment->name, "__TEXT") == 0)
                base = segment->address;
        }
        if (segment->command == LC_MAIN)
            entry = ((const struct macho_main *)file_at(file, offset, sizeof(struct macho_main)))
                        ->entry;
        offset += segment->bytes;
    }
    if (base == 0 || entry == 0)
        program_offends("no Mach-O program");
    uc_hook hook;
    uc_hook_add(cpu, &hook, UC_HOOK_INSN, (void *)answer, NULL, 1, 0, UC_X86_INS_SYSCALL);
    return base + entry;
}
