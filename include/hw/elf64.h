/* SPDX-License-Identifier: MIT
 *
 * ELF64 for x86-64 as it lies in a file: header, program headers, notes, the
 * dynamic table and relative relocations. Every member is bytes, least significant
 * first, so a record may lie at any address. Sections are not described here.
 * Spec: System V ABI, generic part (gABI 4.3 draft), chapters 4 and 5; AMD64
 * supplement 1.0, section 4.4.
 */
#pragma once

#include "base/compiler.h"

#define ELF_MAGIC          0x464C457F /* 7Fh "ELF" as a little-endian word */
#define ELF_CLASS_32       1
#define ELF_CLASS_64       2
#define ELF_DATA_LITTLE    1
#define ELF_VERSION        1
#define ELF_MACHINE_X86_64 62

#define ELF_ET_EXEC 2
#define ELF_ET_DYN  3
#define ELF_PN_XNUM 0xFFFF /* the number of program headers is elsewhere */

struct elf64_header {
    uint8_t magic[4];
    uint8_t class;
    uint8_t data;
    uint8_t ident_version;
    uint8_t os_abi;
    uint8_t abi_version;
    uint8_t padding[7];
    uint8_t type[2];
    uint8_t machine[2];
    uint8_t version[4];
    uint8_t entry[8];
    uint8_t program_offset[8];
    uint8_t section_offset[8];
    uint8_t flags[4];
    uint8_t header_bytes[2];
    uint8_t program_entry_bytes[2];
    uint8_t program_count[2];
    uint8_t section_entry_bytes[2];
    uint8_t section_count[2];
    uint8_t section_names[2];
};
ASSERT_OFFSET(struct elf64_header, type, 16);
ASSERT_OFFSET(struct elf64_header, entry, 24);
ASSERT_OFFSET(struct elf64_header, header_bytes, 52);
ASSERT_SIZE(struct elf64_header, 64);

#define ELF_PT_LOAD    1
#define ELF_PT_DYNAMIC 2
#define ELF_PT_INTERP  3
#define ELF_PT_NOTE    4

#define ELF_PF_X 1
#define ELF_PF_W 2
#define ELF_PF_R 4

struct elf64_program_header {
    uint8_t type[4];
    uint8_t flags[4];
    uint8_t offset[8];
    uint8_t virt[8];
    uint8_t phys[8];
    uint8_t file_bytes[8];
    uint8_t memory_bytes[8];
    uint8_t alignment[8];
};
ASSERT_OFFSET(struct elf64_program_header, virt, 16);
ASSERT_OFFSET(struct elf64_program_header, file_bytes, 32);
ASSERT_SIZE(struct elf64_program_header, 56);

/* In front of each note. The name follows, then the contents, each filled up to the alignment. */
struct elf64_note {
    uint8_t name_bytes[4]; /* with its NUL */
    uint8_t contents_bytes[4];
    uint8_t type[4];
};
ASSERT_SIZE(struct elf64_note, 12);

#define ELF_DT_NULL     0
#define ELF_DT_NEEDED   1
#define ELF_DT_PLTRELSZ 2
#define ELF_DT_RELA     7
#define ELF_DT_RELASZ   8
#define ELF_DT_RELAENT  9
#define ELF_DT_RELSZ    18
#define ELF_DT_RELRSZ   35
#define ELF_DT_RELR     36
#define ELF_DT_RELRENT  37

struct elf64_dynamic {
    uint8_t tag[8];
    uint8_t value[8];
};
ASSERT_SIZE(struct elf64_dynamic, 16);

#define ELF_R_X86_64_NONE     0
#define ELF_R_X86_64_RELATIVE 8

struct elf64_rela {
    uint8_t offset[8];
    uint8_t type[4];
    uint8_t symbol[4];
    uint8_t addend[8];
};
ASSERT_OFFSET(struct elf64_rela, symbol, 12);
ASSERT_SIZE(struct elf64_rela, 24);

/* DT_RELR: an even word is an address; an odd one says which of the next 63 words, bit by bit. */
#define ELF_RELR_BYTES 8
#define ELF_RELR_BITS  63
