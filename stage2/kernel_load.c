/* SPDX-License-Identifier: MIT
 *
 * The step kernel_load: the ELF64 kernel, read straight to where it will run.
 * What a kernel may ask for is decided in kernel/core/elf64*.c; only the file
 * bytes of its segments and its notes are read, unless a checksum wants the rest too.
 */
#include "boot/low_memory.h"
#include "kernel/core/string.h"
#include "stage2/bios/console.h"
#include "stage2/bios/fail.h"
#include "stage2/bios/trace.h"
#include "stage2/file.h"
#include "stage2/memory.h"
#include "stage2/plan/detail.h"
#include "stage2/requirements.h"

#define PROGRAM_HEADERS_MAX ((uint64_t)ELF64_MAX_PROGRAM_HEADERS * ELF64_PROGRAM_ENTRY_BYTES)
_Static_assert(PROGRAM_HEADERS_MAX + BOOT_NOTES_MAX_BYTES <= LOW_SCRATCH_BYTES / 2,
               "they and notes fit the scratch half");

NORETURN static void fail_elf(const struct loader *loader, enum boot_status status,
                              const struct elf64_problem *problem)
{
    fail(status, DETAIL_ELF, loader->config->kernel, problem->what, problem->index, problem->value);
}

/*
 * What the file asks for is refused. A file that is not the one its checksum is
 * of may ask for anything, so the checksum, if there is one, has the first word.
 */
NORETURN static void refuse(struct file_reader *reader, enum boot_status status,
                            const struct elf64_problem *problem)
{
    file_finish(reader);
    if (problem == NULL)
        file_fail(reader, status);
    fail_elf(reader->loader, status, problem);
}

/*
 * Read the two headers and the notes, and make the plan. What it needs comes
 * first: a kernel for a newer loader may well be one that this one cannot load.
 */
static void plan(struct loader *loader, struct file_reader *reader)
{
    uint8_t *const bytes = memory_at(LOW_SCRATCH);
    const uint64_t file_bytes = reader->file.bytes;
    struct elf64_header_plan header;
    struct elf64_problem problem;

    memset(bytes, 0, ELF64_HEADER_BYTES);
    file_peek(reader, 0, file_bytes < ELF64_HEADER_BYTES ? file_bytes : ELF64_HEADER_BYTES, bytes);
    enum boot_status status = elf64_parse_header(bytes, file_bytes, &header);
    if (status != BOOT_OK)
        refuse(reader, status, NULL);

    file_peek(reader, header.program_offset,
              (uint64_t)header.program_count * ELF64_PROGRAM_ENTRY_BYTES, bytes);
    status = requirements_read(reader, &header, bytes, bytes + PROGRAM_HEADERS_MAX, &problem);
    if (status != BOOT_OK)
        refuse(reader, status, &problem);
    requirements_judge(reader);
    status = elf64_make_plan(&header, bytes, &loader->kernel, &problem);
    if (status != BOOT_OK)
        refuse(reader, status, &problem);
    loader->kernel_file_bytes = file_bytes;
}

/* A place in memory for every segment, before a byte is read. No room: see refuse. */
static void place(struct loader *loader, struct file_reader *reader)
{
    for (unsigned i = 0; i < loader->kernel.segment_count; i++) {
        const struct elf64_segment *const segment = &loader->kernel.segments[i];
        uint64_t free_phys;
        if (!memory_borrow(loader, segment->page_bytes, &free_phys))
            file_finish(reader);
        loader->kernel_phys[i] = memory_take_for(loader, segment->page_virt, segment->page_bytes,
                                                 BOOT_MEMORY_KERNEL, loader->config->kernel);
    }
}

/* The segments' numbers in the order of their file bytes: a disk likes order. */
static void sort_by_offset(const struct elf64_plan *kernel, unsigned order[ELF64_MAX_SEGMENTS])
{
    for (unsigned i = 0; i < kernel->segment_count; i++) {
        unsigned at = i;
        for (; at > 0 &&
               kernel->segments[order[at - 1]].file_offset > kernel->segments[i].file_offset;
             at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

/* One segment: zeros up to its first byte, its file bytes, zeros to the page's end. */
static void fill(struct loader *loader, struct file_reader *reader, unsigned index)
{
    const struct elf64_segment *const segment = &loader->kernel.segments[index];
    uint8_t *const pages = memory_at(loader->kernel_phys[index]);
    const uint64_t before = segment->virt - segment->page_virt;
    const uint64_t loaded = before + segment->file_bytes;

    memset(pages, 0, before);
    file_read(reader, segment->file_offset, segment->file_bytes, pages + before);
    memset(pages + loaded, 0, segment->page_bytes - loaded);
}

/* ET_DYN: make the addresses in the image true for where it will run. */
static void relocate(const struct loader *loader)
{
    struct elf64_problem problem;
    struct elf64_image image;

    for (unsigned i = 0; i < loader->kernel.segment_count; i++)
        image.pages[i] = memory_at(loader->kernel_phys[i]);
    const enum boot_status status =
        elf64_relocate(&loader->kernel, &image, loader->kernel.slide, &problem);
    if (status != BOOT_OK)
        fail_elf(loader, status, &problem);
}

/*
 * The step: the kernel in memory, checked and relocated.
 *
 * E20, E3x  the file cannot be had    E5x  it is no kernel we can load
 * E13, E61  no room                   E60  its checksum is wrong
 * E62, E63, E64  it needs what is not there
 */
void kernel_load(struct loader *loader)
{
    unsigned order[ELF64_MAX_SEGMENTS];
    struct file_reader reader;

    trace_step(BOOT_STEP_KERNEL, 0);
    file_open(loader, &(struct file_name){ loader->config->kernel, loader->config->kernel_line },
              &reader);
    plan(loader, &reader);
    place(loader, &reader);
    file_announce(&reader);
    sort_by_offset(&loader->kernel, order);
    for (unsigned i = 0; i < loader->kernel.segment_count; i++)
        fill(loader, &reader, order[i]);
    file_finish(&reader);
    relocate(loader);
}
