/* SPDX-License-Identifier: MIT
 *
 * See judge_kernel.h. The image that is relocated lies in memory that costs nothing
 * where it is zeros, however large a segment claims to be.
 */
#include "tools/image/judge_kernel.h"

#include <string.h>
#include <sys/mman.h>

#include "stage2/plan/detail.h"
#include "stage2/plan/taken.h"
#include "tools/image/judge_needs.h"
#include "tools/image/report.h"

#define KIB 1024

#define PROGRAM_HEADERS_MAX ((size_t)ELF64_MAX_PROGRAM_HEADERS * ELF64_PROGRAM_ENTRY_BYTES)

bool memory_judge(uint64_t *taken, uint64_t bytes, const char *what, struct check_report *report)
{
    const uint64_t most = TAKEN_LAST - TAKEN_FIRST + 1;

    if (bytes > most - *taken)
        return report_refuse(report, BOOT_E_LITTLE_MEMORY,
                             "%s needs %lu KiB, no PC has more than %lu KiB for all that is loaded",
                             what, bytes / KIB, most / KIB);
    *taken += bytes;
    return true;
}

static bool refuse_elf(const struct source *source, enum boot_status status,
                       const struct elf64_problem *problem, struct check_report *report)
{
    return report_refuse(report, status, DETAIL_ELF, source->path, problem->what, problem->index,
                         problem->value);
}

/* A file that is not the one its checksum is of may ask for anything: the checksum first. */
static bool plan_read(const struct source *source, struct kernel_facts *facts,
                      struct check_report *report)
{
    uint8_t bytes[PROGRAM_HEADERS_MAX] = { 0 };
    struct elf64_header_plan header;
    struct elf64_problem problem;

    const uint64_t first = source->bytes < ELF64_HEADER_BYTES ? source->bytes : ELF64_HEADER_BYTES;
    if (!source_read(source, 0, first, bytes, report))
        return false;
    enum boot_status status = elf64_parse_header(bytes, source->bytes, &header);
    if (status != BOOT_OK)
        return source_finish(source, report) && source->refuse(source, status, report);

    if (!source_read(source, header.program_offset,
                     (uint64_t)header.program_count * ELF64_PROGRAM_ENTRY_BYTES, bytes, report))
        return false;
    if (!needs_judge(source, &header, bytes, &facts->needs, report))
        return false;
    status = elf64_make_plan(&header, bytes, &facts->plan, &problem);
    if (status != BOOT_OK)
        return source_finish(source, report) && refuse_elf(source, status, &problem, report);
    return true;
}

/* What the segments need; one that nobody can give is refused behind a wrong checksum. */
static bool plan_measure(const struct source *source, const struct elf64_plan *plan,
                         uint64_t *memory_bytes, struct check_report *report)
{
    struct check_report little;

    *memory_bytes = 0;
    for (unsigned i = 0; i < plan->segment_count; i++) {
        if (memory_judge(memory_bytes, plan->segments[i].page_bytes, source->path, &little))
            continue;
        if (source_finish(source, report))
            *report = little;
        return false;
    }
    return true;
}

static void image_release(const struct elf64_plan *plan, const struct elf64_image *image)
{
    for (unsigned i = 0; i < plan->segment_count; i++) {
        if (image->pages[i] != NULL)
            munmap(image->pages[i], (size_t)plan->segments[i].page_bytes);
    }
}

/* The segments' file bytes where they belong, from the first in the file to the last. */
static bool image_read(const struct source *source, const struct elf64_plan *plan,
                       const struct elf64_image *image, struct check_report *report)
{
    bool done[ELF64_MAX_SEGMENTS] = { false };

    for (unsigned turn = 0; turn < plan->segment_count; turn++) {
        unsigned next = plan->segment_count;
        for (unsigned i = 0; i < plan->segment_count; i++) {
            if (!done[i] && (next == plan->segment_count ||
                             plan->segments[i].file_offset < plan->segments[next].file_offset))
                next = i;
        }
        const struct elf64_segment *const segment = &plan->segments[next];
        uint8_t *const to = image->pages[next] + (segment->virt - segment->page_virt);
        done[next] = true;
        if (!source_read(source, segment->file_offset, segment->file_bytes, to, report))
            return false;
    }
    return true;
}

/* Load and relocate into memory of this program. */
static bool image_judge(const struct source *source, const struct elf64_plan *plan,
                        struct check_report *report)
{
    struct elf64_image image = { { NULL } };
    struct elf64_problem problem;

    for (unsigned i = 0; i < plan->segment_count; i++) {
        void *const pages = mmap(NULL, (size_t)plan->segments[i].page_bytes, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (pages == MAP_FAILED) {
            image_release(plan, &image);
            return report_refuse(report, BOOT_E_NO_ROOM, "%s needs more than this machine can give",
                                 source->path);
        }
        image.pages[i] = pages;
    }
    /* For a checksum the loader reads what lies between segments, too, and all in order. */
    bool good = (source->checksum == NULL || source_read_all(source, report)) &&
                image_read(source, plan, &image, report) && source_finish(source, report);
    if (good) {
        const enum boot_status status = elf64_relocate(plan, &image, plan->slide, &problem);
        good = status == BOOT_OK || refuse_elf(source, status, &problem, report);
    }
    image_release(plan, &image);
    return good;
}

bool kernel_judge(const struct source *source, struct kernel_facts *facts,
                  struct check_report *report)
{
    struct kernel_facts found;

    memset(&found, 0, sizeof(found));
    found.file_bytes = source->bytes;
    if (!plan_read(source, &found, report) ||
        !plan_measure(source, &found.plan, &found.memory_bytes, report) ||
        !image_judge(source, &found.plan, report))
        return false;
    *facts = found;
    return true;
}
