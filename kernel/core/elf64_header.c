/* SPDX-License-Identifier: MIT
 *
 * Judging the 64 bytes every ELF64 file begins with. Says whether this is an
 * x86-64 executable and where its program headers are; sections are not needed.
 * Spec: System V ABI (gABI 4.3 draft), chapter 4, "ELF Header".
 */
#include "kernel/core/elf64.h"

#include "base/bytes.h"
#include "hw/elf64.h"

_Static_assert(sizeof(struct elf64_header) == ELF64_HEADER_BYTES, "one header");
_Static_assert(sizeof(struct elf64_program_header) == ELF64_PROGRAM_ENTRY_BYTES, "one entry");

/* Is it ELF64 for x86-64, and executable? */
static enum boot_status header_recognise(const struct elf64_header *header)
{
    if (header->class == ELF_CLASS_32)
        return BOOT_E_ELF_CLASS;
    if (header->class != ELF_CLASS_64)
        return BOOT_E_ELF_HEADER;
    if (header->data != ELF_DATA_LITTLE || load_le16(header->machine) != ELF_MACHINE_X86_64)
        return BOOT_E_ELF_MACHINE;
    if (header->ident_version != ELF_VERSION || load_le32(header->version) != ELF_VERSION)
        return BOOT_E_ELF_HEADER;
    const uint16_t type = load_le16(header->type);
    return type == ELF_ET_EXEC || type == ELF_ET_DYN ? BOOT_OK : BOOT_E_ELF_TYPE;
}

/*
 * Judge the first bytes of a file.
 *
 * header      the first ELF64_HEADER_BYTES bytes, or all of a file that is
 *             shorter; not trusted
 * file_bytes  length of the whole file
 * plan        set only on BOOT_OK
 *
 * BOOT_E_NOT_ELF      no ELF signature
 * BOOT_E_TRUNCATED    the file ends within the header or the program headers
 * BOOT_E_ELF_CLASS    32-bit
 * BOOT_E_ELF_MACHINE  big-endian, or for another processor
 * BOOT_E_ELF_TYPE     neither ET_EXEC nor ET_DYN
 * BOOT_E_ELF_HEADER   a size or version in it is not what ELF64 says, or it has
 *                     more than ELF64_MAX_PROGRAM_HEADERS program headers
 * BOOT_E_ELF_NO_LOAD  it has no program headers
 */
enum boot_status elf64_parse_header(const uint8_t *header, uint64_t file_bytes,
                                    struct elf64_header_plan *plan)
{
    const struct elf64_header *elf = (const struct elf64_header *)header;
    if (file_bytes < sizeof(elf->magic) || load_le32(elf->magic) != ELF_MAGIC)
        return BOOT_E_NOT_ELF;
    if (file_bytes < sizeof(*elf))
        return BOOT_E_TRUNCATED;
    const enum boot_status status = header_recognise(elf);
    if (status != BOOT_OK)
        return status;

    const uint64_t offset = load_le64(elf->program_offset);
    const uint32_t count = load_le16(elf->program_count);
    if (load_le16(elf->header_bytes) != sizeof(*elf))
        return BOOT_E_ELF_HEADER;
    if (count == 0)
        return BOOT_E_ELF_NO_LOAD;
    if (count > ELF64_MAX_PROGRAM_HEADERS || offset < sizeof(*elf) ||
        load_le16(elf->program_entry_bytes) != sizeof(struct elf64_program_header))
        return BOOT_E_ELF_HEADER;
    if (offset > file_bytes ||
        (uint64_t)count * sizeof(struct elf64_program_header) > file_bytes - offset)
        return BOOT_E_TRUNCATED;

    *plan = (struct elf64_header_plan){
        .file_bytes = file_bytes,
        .entry = load_le64(elf->entry),
        .program_offset = offset,
        .program_count = count,
        .is_dynamic = load_le16(elf->type) == ELF_ET_DYN,
    };
    return BOOT_OK;
}
