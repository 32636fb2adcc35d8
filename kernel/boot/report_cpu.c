/* SPDX-License-Identifier: MIT
 *
 * The kernel, the CPU it runs on, and its page tables.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/boot/boot.h"
#include "kernel/boot/boot_audit.h"
#include "kernel/boot/foreign.h"
#include "kernel/boot/report.h"
#include "kernel/core/string.h"
#include "kernel/log/console.h"
#include "kernel/log/image.h"
#include "kernel/log/symbols.h"

#define KIB          1024ULL
#define LIST_COLUMNS 76 /* of a wrapped list of words */

static void report_loader(void)
{
    const struct boot_info *info = boot_info_get();
    if (foreign_loader() != NULL)
        kprintf("  loaded by %s\n  boot protocol %u as the kernel itself made it\n",
                foreign_loader(), info->version);
    else
        kprintf("  loaded by stage 2 build %08x, boot protocol %u; %llu bytes from the file\n",
                info->build_id, info->version, (unsigned long long)info->kernel_file_bytes);
}

void report_version(void)
{
    kprintf("Coldstart %s, kernel build %08x, %s\n", COLDSTART_VERSION, boot_kernel_build(),
            __VERSION__);
    report_loader();
    kprintf("  image 0x%llx to 0x%llx, %u symbols\n", (unsigned long long)(uint64_t)kernel_base,
            (unsigned long long)(uint64_t)kernel_end, symbols_count());
    kprintf("  console: ");
    for (const struct console_sink *sink = console_sinks(); sink != NULL; sink = sink->next)
        kprintf("%s%s", sink->name, sink->next != NULL ? ", " : "\n");
}

/* Print the names that are (or are not) there, wrapped. */
static void report_feature_names(const char *title, bool present)
{
    size_t column = LIST_COLUMNS;
    kprintf("  %s", title);
    for (const struct cpu_feature *f = cpu_feature_list(); f->name != NULL; f++) {
        if (f->present != present)
            continue;
        const size_t bytes = string_length(f->name) + 1;
        if (column + bytes > LIST_COLUMNS) {
            kprintf("\n   ");
            column = 0;
        }
        kprintf(" %s", f->name);
        column += bytes;
    }
    kprintf("\n");
}

static void report_protections(void)
{
    const uint64_t cr4 = cr4_read();
    kprintf("  on: %s%s%s%s%s%s\n", (cr0_read() & CR0_WP) != 0 ? "WP" : "",
            cpu_no_execute_is_on() ? " NX" : "", (cr4 & CR4_SMEP) != 0 ? " SMEP" : "",
            (cr4 & CR4_SMAP) != 0 ? " SMAP" : "", (cr4 & CR4_UMIP) != 0 ? " UMIP" : "",
            (cr4 & CR4_MCE) != 0 ? " MCE" : "");
}

void report_cpu(void)
{
    struct cpu_identity cpu;
    cpu_identify(&cpu);
    kprintf("\nCPU: %s\n", cpu.brand);
    kprintf("  %s, family %Xh model %Xh stepping %u\n", cpu.vendor, cpu.family, cpu.model,
            cpu.stepping);
    if (cpu.hypervisor[0] != '\0')
        kprintf("  under the hypervisor %s\n", cpu.hypervisor);
    kprintf("  addresses of %u bits, physical of %u\n", cpu.virtual_bits, cpu.physical_bits);
    report_feature_names("has:", true);
    report_feature_names("has not:", false);
    report_protections();
}

void report_paging(void)
{
    struct audit_report audit;
    boot_require_audit(&audit);
    const struct page_tables tables = page_tables_current();
    kprintf("\nPage tables at 0x%llx, %u levels:\n", (unsigned long long)tables.root_phys,
            tables.levels);
    kprintf("  pages of 4 KiB: %llu, of 2 MiB: %llu, of 1 GiB: %llu\n",
            (unsigned long long)audit.pages_4k, (unsigned long long)audit.pages_2m,
            (unsigned long long)audit.pages_1g);
    if (cpu_no_execute_is_on())
        kprintf("  audit: no page is writable and executable; %llu KiB are executable,\n"
                "  none of them in a page table;\n",
                (unsigned long long)(audit.executable_bytes / KIB));
    else
        kprintf("  audit: this CPU has no NX, so every page is executable;\n");
    kprintf("  page 0 is not mapped; all %u stacks have a guard page\n", stacks_count());
}
