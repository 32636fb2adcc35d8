/* SPDX-License-Identifier: MIT
 *
 * The memory map, twice: as the loader judged it and as the BIOS told it.
 */
#include <stdbool.h>

#include "kernel/boot/boot.h"
#include "kernel/boot/foreign.h"
#include "kernel/boot/report.h"
#include "kernel/log/console.h"

#define KIB         1024ULL
#define FLAGS_CARRY 1U

static const char *type_words(uint32_t type)
{
    switch (type) {
    case BOOT_MEMORY_USABLE:
        return "usable";
    case BOOT_MEMORY_LOADER:
        return "loader";
    case BOOT_MEMORY_KERNEL:
        return "kernel";
    case BOOT_MEMORY_MODULE:
        return "module";
    case BOOT_MEMORY_ACPI_RECLAIMABLE:
        return "ACPI tables";
    case BOOT_MEMORY_ACPI_NVS:
        return "ACPI NVS";
    case BOOT_MEMORY_RESERVED:
        return "reserved";
    case BOOT_MEMORY_BAD:
        return "bad";
    default:
        return "unknown";
    }
}

/* What the BIOS's own numbers mean. Spec: ACPI 6.4, table 15.3. */
static const char *e820_words(uint32_t type)
{
    static const char *const words[] = { "?",        "RAM",      "reserved", "ACPI tables",
                                         "ACPI NVS", "unusable", "disabled", "persistent" };
    return type < ARRAY_COUNT(words) ? words[type] : "?";
}

static const char *e820_end_words(uint8_t end)
{
    switch (end) {
    case BOOT_E820_END_ZERO:
        return "EBX came back 0";
    case BOOT_E820_END_CARRY:
        return "the carry flag ended it";
    case BOOT_E820_END_FULL:
        return "more answers than there is room for";
    case BOOT_E820_END_REPEAT:
        return "the BIOS repeated itself";
    case BOOT_E820_END_SIGNATURE:
        return "'SMAP' went missing";
    case BOOT_E820_END_UNSUPPORTED:
        return "not supported";
    default:
        return "?";
    }
}

void report_memory(void)
{
    const struct boot_memory_range *ranges = boot_memory();
    uint64_t usable = 0;
    kprintf("\nMemory as judged:\n");
    kprintf("  first              last                      KiB  type\n");
    for (uint32_t i = 0; i < boot_info_get()->memory_count; i++) {
        const uint64_t bytes = ranges[i].last - ranges[i].first + 1;
        kprintf("  0x%016llx 0x%016llx %10llu  %s\n", (unsigned long long)ranges[i].first,
                (unsigned long long)ranges[i].last, (unsigned long long)(bytes / KIB),
                type_words(ranges[i].type));
        if (ranges[i].type == BOOT_MEMORY_USABLE)
            usable += bytes;
    }
    kprintf("  %llu KiB are usable\n", (unsigned long long)(usable / KIB));
}

/* A list that another loader passed on: of the calls behind it nothing is known. */
static void report_foreign_list(void)
{
    const struct boot_e820_answer *answers = boot_e820();
    kprintf("\nMemory as reported (by %s):\n", foreign_loader());
    kprintf("   #  base             length           type\n");
    for (uint32_t i = 0; i < boot_info_get()->e820_count; i++)
        kprintf("  %2u  %016llx %016llx %2u %s\n", i, (unsigned long long)answers[i].base,
                (unsigned long long)answers[i].length, answers[i].type,
                e820_words(answers[i].type));
}

void report_e820(void)
{
    const struct boot_info *info = boot_info_get();
    const struct boot_e820_answer *answers = boot_e820();
    if (foreign_loader() != NULL) {
        report_foreign_list();
        return;
    }
    kprintf("\nMemory as reported (INT 15h E820; %s):\n", e820_end_words(info->firmware.e820_end));
    kprintf("   #  base             length           type            ecx attr ebx      CF\n");
    for (uint32_t i = 0; i < info->e820_count; i++) {
        const struct boot_e820_answer *a = &answers[i];
        kprintf("  %2u  %016llx %016llx %2u %-12s %3u %4x %08x  %u\n", i,
                (unsigned long long)a->base, (unsigned long long)a->length, a->type,
                e820_words(a->type), a->returned_bytes, a->attributes, a->continuation,
                a->flags & FLAGS_CARRY);
    }
    if (info->e820_count == 0)
        kprintf("  no answer; the map comes from the calls below\n");
}
