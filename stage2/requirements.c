/* SPDX-License-Identifier: MIT
 *
 * See requirements.h. The judgement is plan/requirements.c's; here this machine
 * is asked, and only for what the kernel names.
 */
#include "stage2/requirements.h"

#include "stage2/bios/cpu.h"
#include "stage2/bios/fail.h"
#include "stage2/bios/firmware.h"
#include "stage2/plan/detail.h"
#include "stage2/plan/requirements.h"
#include "stage2/real/bios_call.h"

enum boot_status requirements_read(struct file_reader *reader,
                                   const struct elf64_header_plan *header,
                                   const uint8_t *program_headers, uint8_t *room,
                                   struct elf64_problem *problem)
{
    bool found = false;
    uint32_t next = 0;
    struct elf64_notes notes;

    for (;;) {
        enum boot_status status = elf64_plan_notes(header, program_headers, &next, &notes, problem);
        if (status != BOOT_OK || notes.bytes == 0)
            return status;
        file_peek(reader, notes.file_offset, notes.bytes, room);
        status = elf64_find_requirements(&notes, room, &found, &reader->loader->needs, problem);
        if (status != BOOT_OK)
            return status;
    }
}

/* The features of this machine and this boot, the screen's aside. */
static uint64_t features_present(const struct loader *loader)
{
    uint64_t present = 0;

    if (exchange.cpu_has_nx)
        present |= BOOT_FEATURE_NX;
    if (cpu_extended_edx() & CPUID_X1_EDX_PAGE1GB)
        present |= BOOT_FEATURE_PAGES_1G;
    if (cpuid(CPUID_FEATURES).ecx & CPUID_1_ECX_RDRAND)
        present |= BOOT_FEATURE_RDRAND;
    if (firmware_rsdp() != 0)
        present |= BOOT_FEATURE_ACPI;
    if (firmware_smbios() != 0)
        present |= BOOT_FEATURE_SMBIOS;
    if (loader->disk.edd_version != 0)
        present |= BOOT_FEATURE_EDD;
    if (loader->config->module_count != 0)
        present |= BOOT_FEATURE_MODULE;
    return present;
}

/*
 * A file that is not the one its checksum is of may ask for anything, so the
 * checksum, if there is one, has the first word.
 */
static void judge(struct file_reader *reader, enum boot_status status,
                  const struct requirements_text *text)
{
    if (status == BOOT_OK)
        return;
    file_finish(reader);
    fail(status, DETAIL_NEEDS, reader->name.path, text->text);
}

void requirements_judge(struct file_reader *reader)
{
    const struct loader *const loader = reader->loader;
    const struct boot_requirements *const needs = &loader->needs;
    struct requirements_text text;

    judge(reader, requirements_check_loader(needs, &text), &text);
    judge(reader, requirements_check_memory(needs, loader->usable_kib, &text), &text);
    if (needs->features != 0)
        judge(reader,
              requirements_check_features(needs, ~(uint64_t)REQUIREMENTS_VIDEO,
                                          features_present(loader), &text),
              &text);
}

void requirements_judge_video(const struct loader *loader, uint64_t kind)
{
    struct requirements_text text;
    const enum boot_status status =
        requirements_check_features(&loader->needs, REQUIREMENTS_VIDEO, kind, &text);
    if (status != BOOT_OK)
        fail(status, DETAIL_NEEDS, loader->config->kernel, text.text);
}
