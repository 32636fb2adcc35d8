/* SPDX-License-Identifier: MIT
 *
 * How the boot went: the firmware's answers, the modules, the timeline.
 */
#include <stdbool.h>

#include "boot/steps.h"
#include "kernel/boot/boot.h"
#include "kernel/boot/foreign.h"
#include "kernel/boot/report.h"
#include "kernel/log/console.h"

#define FLAGS_CARRY 1U

static const char *a20_words(uint8_t method)
{
    switch (method) {
    case BOOT_A20_WAS_ON:
        return "was on already";
    case BOOT_A20_BIOS:
        return "opened by the BIOS";
    case BOOT_A20_PORT_92:
        return "opened by port 92h";
    case BOOT_A20_KEYBOARD:
        return "opened by the keyboard controller";
    default:
        return "?";
    }
}

static const char *carry_words(uint16_t flags)
{
    return (flags & FLAGS_CARRY) != 0 ? ", carry set" : "";
}

static void report_entry(const struct boot_entry_registers *r)
{
    kprintf("  entry     DX %04Xh CS %04Xh DS %04Xh ES %04Xh SS:SP %04X:%04Xh FLAGS %04Xh\n", r->dx,
            r->cs, r->ds, r->es, r->ss, r->sp, r->flags);
}

static void report_drive(const struct boot_firmware *f)
{
    kprintf("  drive     %02Xh, ", f->drive);
    if (f->edd_version != 0)
        kprintf("EDD version %02Xh, interface bits %04Xh", f->edd_version, f->edd_interface);
    else
        kprintf("no EDD: read by cylinder, head and sector");
    if (f->disk_sectors != 0)
        kprintf(", %llu sectors", (unsigned long long)f->disk_sectors);
    kprintf(
        "\n  reading   stage 2 copy %c, %u retries in stage 1; %u calls, %u retries in stage 2\n",
        f->stage2_copy == 0 ? 'A' : 'B', f->stage1_retries, f->disk_reads, f->disk_retries);
}

static void report_answers(const struct boot_firmware *f)
{
    report_entry(&f->entry);
    report_drive(f);
    kprintf("  A20       %s\n", a20_words(f->a20_method));
    kprintf("  E801h     AX %04Xh  BX %04Xh  CX %04Xh  DX %04Xh%s\n", f->e801_ax, f->e801_bx,
            f->e801_cx, f->e801_dx, carry_words(f->e801_flags));
    kprintf("  88h       %u KiB above 1 MiB%s\n", f->int88_ax, carry_words(f->int88_flags));
    kprintf("  INT 12h   %u KiB; the EBDA is at %04Xh:0\n", f->int12_ax, f->ebda_segment);
}

/* Another loader passes on none of the BIOS's answers but its map of memory. */
void report_firmware(void)
{
    const struct boot_info *info = boot_info_get();
    kprintf("\nFirmware:\n");
    if (foreign_loader() == NULL)
        report_answers(&info->firmware);
    else
        kprintf("  what it answered is not known: only Coldstart's own loader keeps that\n");
    kprintf("  RSDP      0x%llx   SMBIOS 0x%llx   (0: not found)\n",
            (unsigned long long)info->rsdp_phys, (unsigned long long)info->smbios_phys);
}

void report_modules(void)
{
    const struct boot_module *modules = boot_modules();
    const uint32_t count = boot_info_get()->module_count;
    if (count > 0)
        kprintf("\nModules:\n");
    for (uint32_t i = 0; i < count; i++)
        kprintf("  0x%016llx %10llu bytes  %s\n", (unsigned long long)modules[i].phys,
                (unsigned long long)modules[i].bytes, boot_module_name(&modules[i]));
}

static const char *step_name(uint32_t step)
{
    switch (step) {
#define STEP_CASE(number, name, label, mode, text, section)                                        \
    case number:                                                                                   \
        return #label;
        BOOT_STEP_LIST(STEP_CASE)
#undef STEP_CASE
    default:
        return "?";
    }
}

/* One line; a step without a time stamp shows none. Returns the time to count from next. */
static uint64_t report_step(const struct boot_trace_record *record, uint64_t start, uint64_t before)
{
    kprintf("  %2u  %-22s %9xh", record->step, step_name(record->step), record->argument);
    if (record->tsc == 0) {
        kprintf("  %16s %16s\n", "-", "-");
        return before;
    }
    const uint64_t taken = before == 0 ? 0 : record->tsc - before;
    kprintf("  %16llu %16llu\n", (unsigned long long)(record->tsc - start),
            (unsigned long long)taken);
    return record->tsc;
}

static uint64_t first_time(const struct boot_trace_record *records, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (records[i].tsc != 0)
            return records[i].tsc;
    }
    return boot_entry_tsc();
}

void report_timeline(void)
{
    const struct boot_trace_record *records = boot_trace();
    const uint32_t count = boot_info_get()->trace_count;
    const uint64_t start = first_time(records, count);
    uint64_t before = 0;
    bool saw_entry = false;
    if (foreign_loader() != NULL) {
        kprintf("\nNo timeline: only Coldstart's own loader keeps one\n");
        return;
    }
    kprintf("\nTimeline, in ticks of the time stamp counter:\n");
    kprintf("   #  step                     argument       since start     since before\n");
    for (uint32_t i = 0; i < count; i++) {
        before = report_step(&records[i], start, before);
        saw_entry = saw_entry || records[i].step == BOOT_STEP_KERNEL_ENTRY;
    }
    const struct boot_trace_record entry = { .step = BOOT_STEP_KERNEL_ENTRY,
                                             .tsc = boot_entry_tsc() };
    if (!saw_entry)
        report_step(&entry, start, before);
}
