/* SPDX-License-Identifier: MIT
 *
 * See pvh.h. It has no name of the loader and no word about the screen.
 */
#include "kernel/foreign/pvh.h"

#include "base/bytes.h"
#include "hw/pvh.h"
#include "kernel/core/firmware_tables.h"
#include "kernel/core/string.h"
#include "kernel/foreign/text.h"

static const uint8_t *read_at(const struct foreign_reader *reader, uint64_t phys, uint64_t bytes)
{
    return reader->at(reader->context, phys, bytes);
}

/*
 * Text that ends somewhere: the bytes up to its NUL, found page by page of it,
 * so that nothing behind it need be readable. NULL: it does not end in time.
 */
static const char *text_at(const struct foreign_reader *reader, uint64_t phys, size_t limit)
{
    for (size_t bytes = 1; bytes <= limit; bytes++) {
        const uint8_t *text = read_at(reader, phys, bytes);
        if (text == NULL)
            return NULL;
        if (text[bytes - 1] == '\0')
            return (const char *)text;
    }
    return NULL;
}

static const char *read_command_line(const struct foreign_reader *reader, uint64_t phys,
                                     struct foreign_facts *facts)
{
    if (phys == 0)
        return NULL;
    const char *text = text_at(reader, phys, FOREIGN_COMMAND_BYTES);
    if (text == NULL || !foreign_copy_command_line(facts, text, FOREIGN_COMMAND_BYTES))
        return "the command line cannot be read, or is longer than the kernel has room for";
    return NULL;
}

static const char *read_memory(const struct foreign_reader *reader, uint64_t phys, uint32_t count,
                               struct foreign_facts *facts)
{
    if (phys == 0 || count == 0)
        return "the loader gives no memory map";
    if (count > FOREIGN_MEMORY_MAX)
        return "the memory map has more entries than the kernel has room for";
    const uint8_t *entry = read_at(reader, phys, (uint64_t)count * PVH_MEMORY_ENTRY_BYTES);
    if (entry == NULL)
        return "the memory map lies where nothing can be read, or in the kernel";
    for (; facts->memory_count < count; entry += PVH_MEMORY_ENTRY_BYTES)
        facts->memory[facts->memory_count++] = (struct foreign_memory){
            .base = load_le64(entry + PVH_MEMORY_BASE),
            .length = load_le64(entry + PVH_MEMORY_LENGTH),
            .type = load_le32(entry + PVH_MEMORY_TYPE),
        };
    return NULL;
}

static const char *read_modules(const struct foreign_reader *reader, uint64_t phys, uint32_t count,
                                struct foreign_facts *facts)
{
    if (count == 0)
        return NULL;
    if (count > FOREIGN_MODULES_MAX)
        return "there are more modules than the kernel has room for";
    const uint8_t *entry = read_at(reader, phys, (uint64_t)count * PVH_MODULE_BYTES);
    if (entry == NULL)
        return "the list of modules lies where nothing can be read, or in the kernel";
    for (; facts->module_count < count; entry += PVH_MODULE_BYTES) {
        struct foreign_module *module = &facts->modules[facts->module_count++];
        module->phys = load_le64(entry + PVH_MODULE_PHYS);
        module->bytes = load_le64(entry + PVH_MODULE_SIZE);
        const uint64_t text_phys = load_le64(entry + PVH_MODULE_COMMAND_LINE);
        const char *text =
            text_phys == 0 ? NULL : text_at(reader, text_phys, FOREIGN_COMMAND_BYTES);
        if (text != NULL)
            foreign_copy_word(module->name, text, string_length(text));
    }
    return NULL;
}

/* A root pointer with wrong sums is none. Version 1's has no more than its first bytes. */
static void read_rsdp(const struct foreign_reader *reader, uint64_t phys,
                      struct foreign_facts *facts)
{
    static const uint32_t sizes[] = { RSDP_V2_BYTES, RSDP_V1_BYTES };
    size_t offset;
    for (unsigned i = 0; phys != 0 && facts->rsdp_phys == 0 && i < ARRAY_COUNT(sizes); i++) {
        const uint8_t *bytes = read_at(reader, phys, sizes[i]);
        if (bytes != NULL && firmware_find_rsdp(bytes, sizes[i], &offset) && offset == 0)
            facts->rsdp_phys = phys;
    }
}

const char *pvh_read(const struct foreign_reader *reader, uint64_t phys,
                     struct foreign_facts *facts)
{
    *facts = (struct foreign_facts){ .memory_count = 0 };
    const uint8_t *start = read_at(reader, phys, PVH_START_BYTES);
    if (start == NULL)
        return "the start info lies where nothing can be read, or in the kernel";
    if (load_le32(start + PVH_START_MAGIC) != PVH_MAGIC)
        return "the start info has the wrong magic: EBX points elsewhere";
    if (load_le32(start + PVH_START_VERSION) < PVH_VERSION_WITH_MEMORY)
        return "the start info is of version 0, which has no memory map";
    start = read_at(reader, phys, PVH_START_BYTES_1);
    if (start == NULL)
        return "the start info reaches where nothing can be read, or into the kernel";
    read_rsdp(reader, load_le64(start + PVH_START_RSDP), facts);
    const char *wrong = read_command_line(reader, load_le64(start + PVH_START_COMMAND_LINE), facts);
    if (wrong == NULL)
        wrong = read_memory(reader, load_le64(start + PVH_START_MEMORY),
                            load_le32(start + PVH_START_MEMORY_COUNT), facts);
    if (wrong == NULL)
        wrong = read_modules(reader, load_le64(start + PVH_START_MODULES),
                             load_le32(start + PVH_START_MODULE_COUNT), facts);
    return wrong;
}
