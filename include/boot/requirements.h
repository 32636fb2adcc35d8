/* SPDX-License-Identifier: MIT
 *
 * What a kernel cannot do without, said in its own file: an ELF note, optional,
 * that the loader judges before it takes any memory for the kernel. Data only.
 * Owner and numbers are so long that the note is the same whether a linker
 * aligns notes to 4 or to 8 bytes. At most one in a file.
 * Spec: System V ABI (gABI 4.3 draft), chapter 5, "Note Section".
 */
#pragma once

#include "base/compiler.h"

#define BOOT_NOTE_OWNER        "Coldstart"
#define BOOT_NOTE_OWNER_BYTES  10     /* with the NUL */
#define BOOT_NOTE_REQUIREMENTS 0xB007 /* the note's type; others of this owner are passed over */
#define BOOT_NOTES_MAX_BYTES   0x2000 /* of one PT_NOTE, whoever's notes are in it */

/* Features: one bit each; a bit that the loader does not know is refused by its number. */
#define BOOT_FEATURE_NX          0x1   /* data pages cannot be executed */
#define BOOT_FEATURE_PAGES_1G    0x2   /* 1 GiB pages */
#define BOOT_FEATURE_RDRAND      0x4   /* random_seed is from RDRAND, so it is secret */
#define BOOT_FEATURE_ACPI        0x8   /* rsdp_phys is not 0 */
#define BOOT_FEATURE_SMBIOS      0x10  /* smbios_phys is not 0 */
#define BOOT_FEATURE_EDD         0x20  /* firmware.edd_version is not 0 */
#define BOOT_FEATURE_MODULE      0x40  /* module_count is not 0 */
#define BOOT_FEATURE_TEXT        0x80  /* video.kind is BOOT_VIDEO_TEXT */
#define BOOT_FEATURE_FRAMEBUFFER 0x100 /* video.kind is BOOT_VIDEO_FRAMEBUFFER */

/* The note's contents. A number that is 0 asks for nothing. */
struct boot_requirements {
    uint32_t version;    /* boot_info.version at least */
    uint32_t info_bytes; /* boot_info.bytes at least */
    uint64_t memory_kib; /* RAM at least: usable in the judged map, before anything is loaded */
    uint64_t features;   /* BOOT_FEATURE_*, or-ed */
};
ASSERT_OFFSET(struct boot_requirements, memory_kib, 8);
ASSERT_SIZE(struct boot_requirements, 24);

/* The whole note as it lies in the file. */
struct boot_requirements_note {
    uint32_t owner_bytes; /* BOOT_NOTE_OWNER_BYTES */
    uint32_t needs_bytes; /* of struct boot_requirements */
    uint32_t type;        /* BOOT_NOTE_REQUIREMENTS */
    char owner[12];       /* BOOT_NOTE_OWNER, filled up with 0 */
    struct boot_requirements needs;
};
ASSERT_OFFSET(struct boot_requirements_note, owner, 12);
ASSERT_OFFSET(struct boot_requirements_note, needs, 24);
ASSERT_SIZE(struct boot_requirements_note, 48);

/*
 * The note in C: once in a kernel, outside any function. The linker makes a PT_NOTE of its section.
 * In words of 32 bits, so that it lies beside other notes, which are aligned to 4, without a gap.
 */
#define BOOT_REQUIRE(version, info_bytes, memory_kib, features)                                    \
    __attribute__((used, aligned(4), section(".note.coldstart"))) static const struct {            \
        uint32_t head[3];                                                                          \
        char owner[12];                                                                            \
        uint32_t least[2], memory[2], bits[2];                                                     \
    } boot_requirements_note = {                                                                   \
        { BOOT_NOTE_OWNER_BYTES, sizeof(struct boot_requirements), BOOT_NOTE_REQUIREMENTS },       \
        BOOT_NOTE_OWNER,                                                                           \
        { (version), (uint32_t)(info_bytes) },                                                     \
        { (uint32_t)(memory_kib), (uint32_t)((uint64_t)(memory_kib) >> 32) },                      \
        { (uint32_t)(features), (uint32_t)((uint64_t)(features) >> 32) },                          \
    }
