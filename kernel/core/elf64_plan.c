/* SPDX-License-Identifier: MIT
 *
 * From program headers to a plan of the load. Physical addresses in the file
 * are ignored, as the hand-off says; PT_TLS, PT_GNU_STACK and PT_GNU_RELRO
 * concern whoever runs later, not the loader; notes are elf64_note.c's.
 * Spec: System V ABI (gABI 4.3 draft), chapter 5, "Program Header".
 */
#include "kernel/core/elf64.h"

#include "base/bytes.h"
#include "hw/elf64.h"
#include "hw/paging.h"
#include "kernel/core/elf64_place.h"

static const char program_header[] = "program header";

static bool is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* The rules one PT_LOAD must keep by itself; `segment` is what was loaded from it. */
static enum boot_status segment_check(struct elf64_segment *segment, uint64_t alignment,
                                      uint64_t file_bytes, struct elf64_problem *problem)
{
    if (segment->file_bytes > segment->memory_bytes)
        return elf64_fail(problem, program_header, segment->header, segment->file_bytes,
                          BOOT_E_ELF_SEGMENT);
    if (segment->file_bytes > file_bytes || segment->file_offset > file_bytes - segment->file_bytes)
        return elf64_fail(problem, program_header, segment->header, segment->file_offset,
                          BOOT_E_TRUNCATED);
    if (!is_power_of_two(alignment) ||
        ((segment->virt - segment->file_offset) & (alignment - 1)) != 0)
        return elf64_fail(problem, program_header, segment->header, alignment, BOOT_E_ELF_SEGMENT);
    if ((segment->flags & ELF_PF_W) != 0 && (segment->flags & ELF_PF_X) != 0)
        return elf64_fail(problem, program_header, segment->header, segment->virt, BOOT_E_ELF_W_X);
    if (!elf64_segment_set_pages(segment))
        return elf64_fail(problem, program_header, segment->header, segment->virt,
                          BOOT_E_ELF_ADDRESS);
    return BOOT_OK;
}

/* Add a PT_LOAD to the plan; one of no bytes asks for nothing. */
static enum boot_status plan_add_load(struct elf64_plan *plan, uint32_t index,
                                      const struct elf64_program_header *header,
                                      uint64_t file_bytes, struct elf64_problem *problem)
{
    struct elf64_segment segment = {
        .file_offset = load_le64(header->offset),
        .file_bytes = load_le64(header->file_bytes),
        .virt = load_le64(header->virt),
        .memory_bytes = load_le64(header->memory_bytes),
        .flags = load_le32(header->flags) & (ELF_PF_R | ELF_PF_W | ELF_PF_X),
        .header = index,
    };
    if (segment.memory_bytes == 0 && segment.file_bytes == 0)
        return BOOT_OK;
    /* 0 and 1 both mean that any address will do. */
    uint64_t alignment = load_le64(header->alignment);
    if (alignment == 0)
        alignment = 1;
    const enum boot_status status = segment_check(&segment, alignment, file_bytes, problem);
    if (status != BOOT_OK)
        return status;
    if (plan->segment_count == ELF64_MAX_SEGMENTS)
        return elf64_fail(problem, program_header, index, segment.virt, BOOT_E_ELF_SEGMENT);
    if (alignment > plan->alignment)
        plan->alignment = alignment;
    plan->segments[plan->segment_count++] = segment;
    return BOOT_OK;
}

/* Take one program header into the plan. */
static enum boot_status plan_add(struct elf64_plan *plan, uint32_t index,
                                 const struct elf64_program_header *header, uint64_t file_bytes,
                                 struct elf64_problem *problem)
{
    const uint32_t type = load_le32(header->type);
    if (type == ELF_PT_LOAD)
        return plan_add_load(plan, index, header, file_bytes, problem);
    /* An interpreter is another program; and two dynamic tables are one too many. */
    if (type == ELF_PT_INTERP || (type == ELF_PT_DYNAMIC && plan->dynamic_bytes != 0))
        return elf64_fail(problem, program_header, index, type, BOOT_E_ELF_DYNAMIC);
    if (type == ELF_PT_DYNAMIC) {
        plan->dynamic_virt = load_le64(header->virt);
        plan->dynamic_bytes = load_le64(header->memory_bytes);
    }
    return BOOT_OK;
}

/* The rules for all segments together. */
static enum boot_status plan_check(struct elf64_plan *plan, struct elf64_problem *problem)
{
    if (plan->segment_count == 0)
        return elf64_fail(problem, program_header, 0, 0, BOOT_E_ELF_NO_LOAD);
    const enum boot_status status = elf64_check_overlap(plan, problem);
    if (status != BOOT_OK)
        return status;
    const uint32_t code = elf64_segment_at(plan, plan->entry, 1);
    if (code == plan->segment_count || (plan->segments[code].flags & ELF_PF_X) == 0)
        return elf64_fail(problem, "entry point", 0, plan->entry, BOOT_E_ELF_ENTRY);
    if (plan->dynamic_bytes != 0 &&
        elf64_segment_at(plan, plan->dynamic_virt, plan->dynamic_bytes) == plan->segment_count)
        return elf64_fail(problem, "dynamic table", 0, plan->dynamic_virt, BOOT_E_ELF_DYNAMIC);
    if (plan->is_dynamic)
        plan->slide = ELF64_DYNAMIC_BASE - (plan->pages.first & ~(plan->alignment - 1));
    return elf64_check_slide(plan, plan->slide, problem);
}

/*
 * Judge the program headers and plan the load. On success the segments are in
 * the order of the file's program headers, at least one, none sharing a page
 * with another, all at allowed addresses once plan->slide is added, and all
 * their file bytes lie in the file.
 *
 * header           as elf64_parse_header made it
 * program_headers  the program_count entries at program_offset; not trusted
 * plan             set only on BOOT_OK
 * problem          set only on failure
 *
 * BOOT_E_ELF_SEGMENT  more bytes in the file than in memory, an alignment that
 *                     is none or is not kept, or more than ELF64_MAX_SEGMENTS
 * BOOT_E_TRUNCATED    a segment's file bytes run past the end of the file
 * BOOT_E_ELF_W_X      a segment is writable and executable
 * BOOT_E_ELF_ADDRESS  a segment wraps or lies where no kernel may
 * BOOT_E_ELF_OVERLAP  two segments share a page
 * BOOT_E_ELF_NO_LOAD  no segment has any bytes
 * BOOT_E_ELF_ENTRY    the entry point is not in an executable segment
 * BOOT_E_ELF_DYNAMIC  it wants an interpreter, or its dynamic table is not loaded
 */
enum boot_status elf64_make_plan(const struct elf64_header_plan *header,
                                 const uint8_t *program_headers, struct elf64_plan *plan,
                                 struct elf64_problem *problem)
{
    const struct elf64_program_header *entries =
        (const struct elf64_program_header *)program_headers;
    struct elf64_plan made = {
        .entry = header->entry,
        .is_dynamic = header->is_dynamic,
        .alignment = PAGE_BYTES,
    };
    for (uint32_t i = 0; i < header->program_count; i++) {
        const enum boot_status status =
            plan_add(&made, i, &entries[i], header->file_bytes, problem);
        if (status != BOOT_OK)
            return status;
    }
    const enum boot_status status = plan_check(&made, problem);
    if (status != BOOT_OK)
        return status;
    *plan = made;
    return BOOT_OK;
}
