/* SPDX-License-Identifier: MIT
 *
 * Runs the audit and turns its verdict into a panic.
 */
#include "kernel/boot/boot_audit.h"

#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/panic.h"

void boot_audit(void)
{
    struct audit_report report;
    boot_require_audit(&report);
}

void boot_require_audit(struct audit_report *report)
{
    const struct page_tables tables = page_tables_current();
    audit_page_tables(&tables, cpu_no_execute_is_on(), report);
    if (report->verdict == AUDIT_OK)
        return;
    panic("audit of the page tables:\n  the page at 0x%llx %s%s%s%s",
          (unsigned long long)report->address, audit_words(report->verdict),
          report->subject != NULL ? " (" : "", report->subject != NULL ? report->subject : "",
          report->subject != NULL ? ")" : "");
}
