/* SPDX-License-Identifier: MIT
 *
 * What an ELF64 kernel asks for, as a plan: which bytes of the file go where in
 * virtual memory, with which permissions. Loads nothing and maps nothing; where
 * in physical memory a segment lies is the loader's choice.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/range.h"
#include "boot/requirements.h"
#include "boot/status.h"

#define ELF64_HEADER_BYTES        64
#define ELF64_PROGRAM_ENTRY_BYTES 56
#define ELF64_MAX_PROGRAM_HEADERS 128 /* so 7168 bytes hold them all */
#define ELF64_MAX_SEGMENTS        32

/* Where an ET_DYN kernel is put: the top 2 GiB, as -mcmodel=kernel wants it. */
#define ELF64_DYNAMIC_BASE 0xFFFFFFFF80000000

struct elf64_header_plan {
    uint64_t file_bytes; /* as given */
    uint64_t entry;
    uint64_t program_offset; /* in the file; program_count * ELF64_PROGRAM_ENTRY_BYTES bytes */
    uint32_t program_count;  /* 1..ELF64_MAX_PROGRAM_HEADERS */
    bool is_dynamic;         /* ET_DYN */
};

/* One PT_LOAD. Addresses are those of the file; the slide is added by the loader. */
struct elf64_segment {
    uint64_t file_offset;
    uint64_t file_bytes;   /* to copy; the rest of memory_bytes, and of the pages, is zero */
    uint64_t virt;         /* first byte */
    uint64_t memory_bytes; /* at least 1 */
    uint64_t page_virt;    /* virt, rounded down to a page */
    uint64_t page_bytes;   /* whole pages from page_virt that hold the segment */
    uint32_t flags;        /* ELF_PF_*; never W and X together */
    uint32_t header;       /* which program header it was, from 0 */
};

struct elf64_plan {
    uint64_t entry;          /* in an executable segment */
    uint64_t slide;          /* to add to every address: 0 for ET_EXEC */
    struct virt_range pages; /* from the lowest page of any segment to the highest */
    uint64_t alignment;      /* largest p_align; a slide must be a multiple of it */
    uint64_t dynamic_virt;   /* PT_DYNAMIC */
    uint64_t dynamic_bytes;  /* 0: there is none, nothing to relocate */
    bool is_dynamic;         /* ET_DYN: may be slid */
    uint32_t segment_count;  /* at least 1 */
    struct elf64_segment segments[ELF64_MAX_SEGMENTS];
};

/* The file bytes of one PT_NOTE: notes, one behind the other. */
struct elf64_notes {
    uint64_t file_offset;
    uint32_t bytes; /* at most BOOT_NOTES_MAX_BYTES; 0: there is none */
    uint32_t alignment;
};

/* Which number in the file is at fault; set when a function below fails. */
struct elf64_problem {
    const char *what; /* "program header", "relocation", ... */
    uint64_t index;   /* which of them, from 0 */
    uint64_t value;   /* the offending number */
};

/* Where the loader has put the bytes of each segment. */
struct elf64_image {
    uint8_t *pages[ELF64_MAX_SEGMENTS]; /* page_bytes of memory, standing for page_virt on */
};

/* Judge the first 64 bytes of a file. */
MUST_CHECK enum boot_status elf64_parse_header(const uint8_t *header, uint64_t file_bytes,
                                               struct elf64_header_plan *plan);

/* Judge the program headers and plan the load. */
MUST_CHECK enum boot_status elf64_make_plan(const struct elf64_header_plan *header,
                                            const uint8_t *program_headers, struct elf64_plan *plan,
                                            struct elf64_problem *problem);

/* Tell whether every segment may lie at its address plus `slide`. */
MUST_CHECK enum boot_status elf64_check_slide(const struct elf64_plan *plan, uint64_t slide,
                                              struct elf64_problem *problem);

/* Apply the relative relocations of a loaded image for `slide`. */
MUST_CHECK enum boot_status elf64_relocate(const struct elf64_plan *plan,
                                           const struct elf64_image *image, uint64_t slide,
                                           struct elf64_problem *problem);

/* The first PT_NOTE with any bytes from program header *next on; *next is then the one behind it. */
MUST_CHECK enum boot_status elf64_plan_notes(const struct elf64_header_plan *header,
                                             const uint8_t *program_headers, uint32_t *next,
                                             struct elf64_notes *notes,
                                             struct elf64_problem *problem);

/* Look for the kernel's requirements among the notes of one PT_NOTE. */
MUST_CHECK enum boot_status elf64_find_requirements(const struct elf64_notes *notes,
                                                    const uint8_t *bytes, bool *found,
                                                    struct boot_requirements *needs,
                                                    struct elf64_problem *problem);
