/* SPDX-License-Identifier: MIT
 *
 * See judge_needs.h.
 */
#include "tools/image/judge_needs.h"

#include "stage2/plan/detail.h"
#include "stage2/plan/requirements.h"
#include "tools/image/report.h"

/* The requirements of all notes; none: all 0. */
static bool needs_read(const struct source *source, const struct elf64_header_plan *header,
                       const uint8_t *program_headers, struct boot_requirements *needs,
                       struct check_report *report)
{
    uint8_t bytes[BOOT_NOTES_MAX_BYTES];
    struct elf64_problem problem;
    struct elf64_notes notes;
    bool found = false;
    uint32_t next = 0;

    *needs = (struct boot_requirements){ .version = 0 };
    for (;;) {
        enum boot_status status =
            elf64_plan_notes(header, program_headers, &next, &notes, &problem);
        if (status == BOOT_OK && notes.bytes == 0)
            return true;
        if (status == BOOT_OK) {
            if (!source_read(source, notes.file_offset, notes.bytes, bytes, report))
                return false;
            status = elf64_find_requirements(&notes, bytes, &found, needs, &problem);
        }
        if (status != BOOT_OK)
            return source_finish(source, report) &&
                   report_refuse(report, status, DETAIL_ELF, source->path, problem.what,
                                 problem.index, problem.value);
    }
}

bool needs_judge(const struct source *source, const struct elf64_header_plan *header,
                 const uint8_t *program_headers, struct boot_requirements *needs,
                 struct check_report *report)
{
    struct requirements_text text;

    if (!needs_read(source, header, program_headers, needs, report))
        return false;
    const enum boot_status status = requirements_check_loader(needs, &text);
    return status == BOOT_OK ||
           (source_finish(source, report) &&
            report_refuse(report, status, DETAIL_NEEDS, source->path, text.text));
}
