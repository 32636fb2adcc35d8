/* SPDX-License-Identifier: MIT
 *
 * Relocating a loaded ET_DYN kernel: only "add the slide to this word", as RELA
 * entries or packed as RELR. Symbols are never looked up; a kernel that needs
 * that, or a library, or lazy binding, is refused.
 *
 * Everything is read from and written to the loaded segments, and only there:
 * each address is looked up in the plan. A table may be overwritten by its own
 * entries; that harms nobody, because its place and length are taken before.
 * Spec: System V ABI (gABI 4.3 draft), chapter 5, "Dynamic Section" and "RELR";
 * AMD64 supplement 1.0, section 4.4.1.
 */
#include "kernel/core/elf64.h"

#include <stddef.h>

#include "base/bytes.h"
#include "hw/elf64.h"
#include "hw/paging.h"
#include "kernel/core/elf64_place.h"

static const char dynamic_entry[] = "dynamic entry";
static const char relocation[] = "relocation";

/* What a relocation needs to know. */
struct relocator {
    const struct elf64_plan *plan;
    const struct elf64_image *image;
    uint64_t slide;
    struct elf64_problem *problem;
    uint64_t index; /* of the relocation at work, over all tables */
};

/* The loaded bytes at a link-time address, or NULL when no one segment has them all. */
static uint8_t *image_find(const struct relocator *self, uint64_t virt, uint64_t bytes)
{
    const uint32_t index = elf64_segment_at(self->plan, virt, bytes);
    if (index == self->plan->segment_count)
        return NULL;
    return self->image->pages[index] + (size_t)(virt - self->plan->segments[index].page_virt);
}

static enum boot_status relocator_fail(const struct relocator *self, uint64_t value)
{
    return elf64_fail(self->problem, relocation, self->index, value, BOOT_E_ELF_DYNAMIC);
}

/* Where the tables are, as the dynamic table says; bytes 0: there is none. */
struct tables {
    uint64_t rela, rela_bytes, rela_entry;
    uint64_t relr, relr_bytes, relr_entry;
};

/* Take note of one dynamic entry; false when it asks for what the loader does not do. */
static bool tables_note(struct tables *tables, uint64_t tag, uint64_t value)
{
    switch (tag) {
    case ELF_DT_RELA:
        tables->rela = value;
        return true;
    case ELF_DT_RELASZ:
        tables->rela_bytes = value;
        return true;
    case ELF_DT_RELAENT:
        tables->rela_entry = value;
        return true;
    case ELF_DT_RELR:
        tables->relr = value;
        return true;
    case ELF_DT_RELRSZ:
        tables->relr_bytes = value;
        return true;
    case ELF_DT_RELRENT:
        tables->relr_entry = value;
        return true;
    case ELF_DT_NEEDED:
        return false;
    case ELF_DT_PLTRELSZ:
    case ELF_DT_RELSZ:
        return value == 0;
    default:
        return true;
    }
}

/* Read the dynamic table up to its end mark, or to its end. */
static enum boot_status tables_read(const struct relocator *self, struct tables *tables)
{
    const struct elf64_plan *plan = self->plan;
    const struct elf64_dynamic *entries =
        (const struct elf64_dynamic *)image_find(self, plan->dynamic_virt, plan->dynamic_bytes);
    if (entries == NULL)
        return elf64_fail(self->problem, dynamic_entry, 0, plan->dynamic_virt, BOOT_E_ELF_DYNAMIC);
    const size_t count = (size_t)plan->dynamic_bytes / sizeof(*entries);
    for (size_t i = 0; i < count; i++) {
        const uint64_t tag = load_le64(entries[i].tag);
        if (tag == ELF_DT_NULL)
            break;
        if (!tables_note(tables, tag, load_le64(entries[i].value)))
            return elf64_fail(self->problem, dynamic_entry, i, tag, BOOT_E_ELF_DYNAMIC);
    }
    return BOOT_OK;
}

static enum boot_status rela_apply(struct relocator *self, const struct tables *tables)
{
    if (tables->rela_bytes == 0)
        return BOOT_OK;
    const struct elf64_rela *entries =
        (const struct elf64_rela *)image_find(self, tables->rela, tables->rela_bytes);
    /* What lies in loaded memory is as long as memory at most: size_t holds it. */
    const size_t bytes = (size_t)tables->rela_bytes;
    if (entries == NULL || tables->rela_entry != sizeof(*entries) || bytes % sizeof(*entries) != 0)
        return relocator_fail(self, tables->rela);
    const size_t count = bytes / sizeof(*entries);
    for (size_t i = 0; i < count; i++, self->index++) {
        const uint32_t type = load_le32(entries[i].type);
        if (type == ELF_R_X86_64_NONE)
            continue;
        if (type != ELF_R_X86_64_RELATIVE || load_le32(entries[i].symbol) != 0)
            return relocator_fail(self, type);
        const uint64_t virt = load_le64(entries[i].offset);
        uint8_t *target = image_find(self, virt, sizeof(uint64_t));
        if (target == NULL)
            return relocator_fail(self, virt);
        store_le64(target, self->slide + load_le64(entries[i].addend));
    }
    return BOOT_OK;
}

/* Add the slide to the word at `virt`. */
static enum boot_status word_slide(const struct relocator *self, uint64_t virt)
{
    uint8_t *target = image_find(self, virt, sizeof(uint64_t));
    if (target == NULL)
        return relocator_fail(self, virt);
    store_le64(target, self->slide + load_le64(target));
    return BOOT_OK;
}

/* An even word is an address; the bits of an odd one stand for the words behind the last. */
static enum boot_status relr_apply(struct relocator *self, const struct tables *tables)
{
    if (tables->relr_bytes == 0)
        return BOOT_OK;
    const uint8_t *words = image_find(self, tables->relr, tables->relr_bytes);
    if (words == NULL || tables->relr_entry != ELF_RELR_BYTES ||
        tables->relr_bytes % ELF_RELR_BYTES != 0)
        return relocator_fail(self, tables->relr);
    const size_t count = (size_t)tables->relr_bytes / ELF_RELR_BYTES;
    uint64_t next = 0;
    for (size_t i = 0; i < count; i++, self->index++) {
        const uint64_t word = load_le64(words + i * ELF_RELR_BYTES);
        enum boot_status status = BOOT_OK;
        if ((word & 1) == 0) {
            status = word_slide(self, word);
            next = word + ELF_RELR_BYTES;
        } else {
            for (unsigned bit = 0; bit < ELF_RELR_BITS && status == BOOT_OK; bit++)
                if ((word >> (bit + 1) & 1) != 0)
                    status = word_slide(self, next + (uint64_t)bit * ELF_RELR_BYTES);
            next += (uint64_t)ELF_RELR_BITS * ELF_RELR_BYTES;
        }
        if (status != BOOT_OK)
            return status;
    }
    return BOOT_OK;
}

/*
 * Apply the relative relocations of a loaded image.
 *
 * plan     as elf64_make_plan made it
 * image    the segments, file bytes copied and the rest zeroed; changed in
 *          place, read-only segments too, for they are not mapped yet
 * slide    accepted by elf64_check_slide; 0 is allowed and done like any other
 * problem  set only on failure
 *
 * BOOT_E_ELF_DYNAMIC  a library is needed, a relocation is of another type, or
 *                     a table or target is not inside one segment; the image
 *                     is then half done and must not be run
 * Cost: some 40 instructions a relocation, and a few for each segment.
 */
enum boot_status elf64_relocate(const struct elf64_plan *plan, const struct elf64_image *image,
                                uint64_t slide, struct elf64_problem *problem)
{
    struct relocator self = { .plan = plan, .image = image, .slide = slide, .problem = problem };
    struct tables tables = { .rela_bytes = 0 };
    if (plan->dynamic_bytes == 0)
        return BOOT_OK;
    enum boot_status status = tables_read(&self, &tables);
    if (status == BOOT_OK)
        status = rela_apply(&self, &tables);
    if (status == BOOT_OK)
        status = relr_apply(&self, &tables);
    return status;
}
