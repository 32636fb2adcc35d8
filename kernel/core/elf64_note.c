/* SPDX-License-Identifier: MIT
 *
 * The notes of a kernel's file, and among them the one by which it says what it
 * needs (boot/requirements.h). Other owners' notes are stepped over, but they
 * must be whole: behind a broken one nobody knows where the next begins.
 * Spec: System V ABI (gABI 4.3 draft), chapter 5, "Note Section".
 */
#include "kernel/core/elf64.h"

#include "base/bytes.h"
#include "hw/elf64.h"
#include "kernel/core/elf64_place.h"
#include "kernel/core/string.h"

/* The specification says 8 for ELF64; linkers write 4 unless the PT_NOTE says 8. */
#define NOTE_ALIGNMENT      4
#define NOTE_ALIGNMENT_WIDE 8

static uint64_t align_up(uint64_t value, uint32_t alignment)
{
    return (value + alignment - 1) & ~(uint64_t)(alignment - 1);
}

/*
 * Find the next PT_NOTE that has any bytes.
 *
 * header           as elf64_parse_header made it
 * program_headers  the program_count entries at program_offset; not trusted
 * next             in: the program header to start at; out: the one behind
 * notes            set only on BOOT_OK; notes->bytes is 0 when there is none
 * problem          set only on failure
 *
 * BOOT_E_TRUNCATED  it runs past the end of the file
 * BOOT_E_ELF_NOTE   it has more than BOOT_NOTES_MAX_BYTES
 */
enum boot_status elf64_plan_notes(const struct elf64_header_plan *header,
                                  const uint8_t *program_headers, uint32_t *next,
                                  struct elf64_notes *notes, struct elf64_problem *problem)
{
    const struct elf64_program_header *entries =
        (const struct elf64_program_header *)program_headers;
    uint32_t i = *next;

    while (i < header->program_count &&
           (load_le32(entries[i].type) != ELF_PT_NOTE || load_le64(entries[i].file_bytes) == 0))
        i++;
    if (i == header->program_count) {
        *next = i;
        *notes = (struct elf64_notes){ .bytes = 0 };
        return BOOT_OK;
    }
    const uint64_t offset = load_le64(entries[i].offset);
    const uint64_t bytes = load_le64(entries[i].file_bytes);
    if (bytes > header->file_bytes || offset > header->file_bytes - bytes)
        return elf64_fail(problem, "program header", i, offset, BOOT_E_TRUNCATED);
    if (bytes > BOOT_NOTES_MAX_BYTES)
        return elf64_fail(problem, "program header", i, bytes, BOOT_E_ELF_NOTE);
    const bool is_wide = load_le64(entries[i].alignment) == NOTE_ALIGNMENT_WIDE;
    *next = i + 1;
    *notes = (struct elf64_notes){
        .file_offset = offset,
        .bytes = (uint32_t)bytes,
        .alignment = is_wide ? NOTE_ALIGNMENT_WIDE : NOTE_ALIGNMENT,
    };
    return BOOT_OK;
}

static bool is_requirements(const struct elf64_note *note)
{
    return load_le32(note->name_bytes) == BOOT_NOTE_OWNER_BYTES &&
           memcmp(note + 1, BOOT_NOTE_OWNER, BOOT_NOTE_OWNER_BYTES) == 0 &&
           load_le32(note->type) == BOOT_NOTE_REQUIREMENTS;
}

static struct boot_requirements load_requirements(const uint8_t *bytes)
{
    return (struct boot_requirements){
        .version = load_le32(bytes + offsetof(struct boot_requirements, version)),
        .info_bytes = load_le32(bytes + offsetof(struct boot_requirements, info_bytes)),
        .memory_kib = load_le64(bytes + offsetof(struct boot_requirements, memory_kib)),
        .features = load_le64(bytes + offsetof(struct boot_requirements, features)),
    };
}

/*
 * Look for the kernel's requirements among the notes of one PT_NOTE.
 *
 * notes    as elf64_plan_notes made it
 * bytes    its notes->bytes bytes; not trusted
 * found    set to true when they are there; true already: an earlier PT_NOTE has them
 * needs    set when they are there
 * problem  set only on failure: the byte of the file at which a note begins
 *
 * BOOT_E_ELF_NOTE  a note is longer than what holds it, the requirements have
 *                  another size, or they are there twice
 */
enum boot_status elf64_find_requirements(const struct elf64_notes *notes, const uint8_t *bytes,
                                         bool *found, struct boot_requirements *needs,
                                         struct elf64_problem *problem)
{
    /* What is left at the end and no note is padding. The sums are of 32-bit numbers. */
    for (uint64_t at = 0; notes->bytes - at >= sizeof(struct elf64_note);) {
        const struct elf64_note *note = (const struct elf64_note *)(bytes + at);
        const uint64_t name_bytes = load_le32(note->name_bytes);
        const uint64_t contents_bytes = load_le32(note->contents_bytes);
        const uint64_t contents = align_up(sizeof(*note) + name_bytes, notes->alignment);
        const uint64_t left = notes->bytes - at;
        if (contents > left || contents_bytes > left - contents)
            return elf64_fail(problem, "note at byte", notes->file_offset + at,
                              contents > left ? name_bytes : contents_bytes, BOOT_E_ELF_NOTE);
        if (is_requirements(note)) {
            if (*found || contents_bytes != sizeof(*needs))
                return elf64_fail(problem, *found ? "second note at byte" : "note at byte",
                                  notes->file_offset + at, contents_bytes, BOOT_E_ELF_NOTE);
            *found = true;
            *needs = load_requirements(bytes + at + contents);
        }
        const uint64_t whole = align_up(contents + contents_bytes, notes->alignment);
        at += whole < left ? whole : left;
    }
    return BOOT_OK;
}
