/* SPDX-License-Identifier: MIT
 *
 * The section table and symbol table of an ELF64 file, for tools that read
 * names. The loader never looks at either. Every member is bytes, least
 * significant first.
 * Spec: System V ABI, generic part (gABI 4.3 draft), chapter 4.
 */
#pragma once

#include "base/compiler.h"

#define ELF_SHT_SYMTAB 2

struct elf64_section_header {
    uint8_t name[4];
    uint8_t type[4];
    uint8_t flags[8];
    uint8_t virt[8];
    uint8_t offset[8];
    uint8_t bytes[8];
    uint8_t link[4]; /* of a symbol table: the section of its names */
    uint8_t info[4];
    uint8_t alignment[8];
    uint8_t entry_bytes[8];
};
ASSERT_OFFSET(struct elf64_section_header, offset, 24);
ASSERT_OFFSET(struct elf64_section_header, link, 40);
ASSERT_SIZE(struct elf64_section_header, 64);

#define ELF_SHN_UNDEF     0
#define ELF_SHN_RESERVED  0xFF00 /* from here on: not a section */
#define ELF_STT_OBJECT    1
#define ELF_STT_FUNC      2
#define ELF_ST_TYPE(info) ((info)&0xF)

struct elf64_symbol {
    uint8_t name[4];
    uint8_t info; /* ELF_ST_TYPE, and the binding above it */
    uint8_t other;
    uint8_t section[2];
    uint8_t value[8];
    uint8_t bytes[8];
};
ASSERT_OFFSET(struct elf64_symbol, value, 8);
ASSERT_SIZE(struct elf64_symbol, 24);
