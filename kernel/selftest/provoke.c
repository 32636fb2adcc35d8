/* SPDX-License-Identifier: MIT
 *
 * Each function breaks one rule on purpose. They are in assembly where the
 * compiler would see through them.
 */
#include "kernel/selftest/provoke.h"

#include "hw/cpu.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/arch/x86_64/segments.h"
#include "kernel/arch/x86_64/stacks.h"
#include "kernel/boot/boot.h"
#include "kernel/boot/boot_audit.h"
#include "kernel/core/string.h"
#include "kernel/log/console.h"
#include "kernel/log/image.h"

#define NON_CANONICAL       0x0123456789ABCDEF
#define BAD_SELECTOR        0x40 /* the ninth entry: our GDT ends before */
#define RET_OPCODE          0xC3
#define SPURIOUS            0x77
#define WRITES_BEFORE_PANIC 12

/* A store the compiler does not question. */
static void store(uint64_t address)
{
    __asm__ volatile("movb $0, (%0)" : : "r"(address) : "memory");
}

static void provoke_divide(void *unused)
{
    (void)unused;
    __asm__ volatile("xorl %%edx, %%edx\n\tmovl $1, %%eax\n\tdivl %%edx" : : : "eax", "edx", "cc");
}

static void provoke_single_step(void *unused)
{
    (void)unused;
    __asm__ volatile("pushfq\n\torq %0, (%%rsp)\n\tpopfq\n\tnop"
                     :
                     : "i"(RFLAGS_TF)
                     : "cc", "memory");
}

static void provoke_breakpoint(void *unused)
{
    (void)unused;
    __asm__ volatile("int3");
}

static void provoke_invalid_opcode(void *unused)
{
    (void)unused;
    __asm__ volatile("ud2");
}

static void provoke_no_coprocessor(void *unused)
{
    (void)unused;
    cr0_write(cr0_read() | CR0_TS);
    __asm__ volatile("fninit");
}

static void provoke_bad_selector(void *unused)
{
    (void)unused;
    __asm__ volatile("movl %0, %%es" : : "r"(BAD_SELECTOR) : "memory");
}

static void provoke_segment_not_present(void *unused)
{
    (void)unused;
    __asm__ volatile("movl %0, %%es" : : "r"(SELECTOR_ABSENT) : "memory");
}

static void provoke_stack_segment(void *unused)
{
    (void)unused;
    __asm__ volatile("movl %0, %%ss" : : "r"(SELECTOR_ABSENT) : "memory");
}

static void provoke_general_protection(void *unused)
{
    (void)unused;
    store(NON_CANONICAL);
}

static void provoke_page_fault(void *unused)
{
    (void)unused;
    store(PROVOKE_UNMAPPED);
}

static void provoke_null(void *unused)
{
    (void)unused;
    __asm__ volatile("movb (%0), %%al" : : "r"((uint64_t)0) : "eax", "memory");
}

static void provoke_write_text(void *unused)
{
    (void)unused;
    store((uint64_t)kernel_text_first);
}

static void provoke_write_rodata(void *unused)
{
    (void)unused;
    store((uint64_t)kernel_rodata_first);
}

static void provoke_execute_data(void *unused)
{
    static uint8_t code[] = { RET_OPCODE };
    (void)unused;
    __asm__ volatile("call *%0" : : "r"((uint64_t)code) : "memory");
}

static void overflow_level(volatile unsigned *level);
/* Called through a pointer that the compiler cannot follow: it would refuse to recurse for ever. */
static void (*volatile overflow_next)(volatile unsigned *level) = overflow_level;

static void overflow_level(volatile unsigned *level)
{
    volatile unsigned next = *level + 1;
    overflow_next(&next);
    *level = next;
}

static void provoke_stack_overflow(void *unused)
{
    volatile unsigned level = 0;
    (void)unused;
    overflow_level(&level);
}

/* The same on the stack that a double fault starts on: the handler starts on its top again. */
static void provoke_ist_overflow(void *unused)
{
    (void)unused;
    __asm__ volatile("movq %0, %%rsp\n\tsubq $64, %%rsp\n\tmovq %%rsp, %%rdi\n\tcall *%1"
                     :
                     : "r"(stacks_ist_top(STACK_IST_DOUBLE_FAULT)), "r"((uint64_t)overflow_level)
                     : "memory", "rdi");
}

/* An exception while the stack is nowhere cannot be delivered. */
static void provoke_double_fault(void *unused)
{
    (void)unused;
    __asm__ volatile("movq %%rsp, %%rbx\n\tmovq %0, %%rsp\n\tud2\n\tmovq %%rbx, %%rsp"
                     :
                     : "r"((uint64_t)PROVOKE_UNMAPPED)
                     : "rbx", "memory");
}

static void provoke_nmi(void *unused)
{
    (void)unused;
    __asm__ volatile("int %0" : : "i"(VECTOR_NMI));
}

static void provoke_machine_check(void *unused)
{
    (void)unused;
    __asm__ volatile("int %0" : : "i"(VECTOR_MC));
}

static void provoke_spurious(void *unused)
{
    (void)unused;
    __asm__ volatile("int %0" : : "i"(SPURIOUS));
}

static void provoke_panic(void *unused)
{
    (void)unused;
    panic("provoked, with the number %d", VECTORS_ALL);
}

/* A console that breaks in the middle of the report. */
static void write_and_panic(const char *text, size_t bytes)
{
    static unsigned writes;
    (void)text;
    (void)bytes;
    if (++writes == WRITES_BEFORE_PANIC)
        panic("provoked again");
}

static void provoke_nested_panic(void *unused)
{
    static struct console_sink sink = { .name = "broken", .write = write_and_panic };
    (void)unused;
    console_attach(&sink);
    panic("provoked");
}

/* Make the page of a table entry writable and executable, as no loader may, and look. */
static void provoke_w_x(void *unused)
{
    struct audit_report report;
    const struct page_tables tables = page_tables_current();
    uint64_t table = tables.root_phys;
    const uint64_t virt = (uint64_t)kernel_data_first;
    (void)unused;
    for (unsigned level = tables.levels; level >= 1; level--) {
        const unsigned shift = PAGE_SHIFT + TABLE_SHIFT * (level - 1);
        uint64_t *entry = (uint64_t *)direct_map_at(table) + (virt >> shift) % TABLE_ENTRIES;
        *entry &= ~(uint64_t)PTE_XD;
        table = *entry & PTE_ADDR;
    }
    tlb_forget(virt);
    boot_require_audit(&report);
}

static void provoke_boot_info(void *unused)
{
    static struct boot_info damaged;
    (void)unused;
    damaged = *boot_info_get();
    damaged.magic = 0;
    boot_accept(&damaged, 0);
}

struct disaster {
    const char *name;
    void (*action)(void *unused);
    const char *text;
};

static const struct disaster disasters[] = {
    { "divide", provoke_divide, "divide by zero: #DE" },
    { "single-step", provoke_single_step, "set the trap flag: #DB, goes on" },
    { "breakpoint", provoke_breakpoint, "int3: #BP, goes on" },
    { "invalid-opcode", provoke_invalid_opcode, "ud2: #UD" },
    { "no-coprocessor", provoke_no_coprocessor, "x87 with CR0.TS set: #NM" },
    { "bad-selector", provoke_bad_selector, "load a selector beyond the GDT: #GP" },
    { "segment-not-present", provoke_segment_not_present, "load an absent segment: #NP" },
    { "stack-segment", provoke_stack_segment, "load an absent stack segment: #SS" },
    { "general-protection", provoke_general_protection, "non-canonical address: #GP" },
    { "page-fault", provoke_page_fault, "write where nothing is mapped: #PF" },
    { "null", provoke_null, "read through a null pointer: #PF" },
    { "write-text", provoke_write_text, "write to code: #PF" },
    { "write-rodata", provoke_write_rodata, "write to constants: #PF" },
    { "execute-data", provoke_execute_data, "run data: #PF, if the CPU has NX" },
    { "stack-overflow", provoke_stack_overflow, "recurse into the guard page: #DF" },
    { "ist-overflow", provoke_ist_overflow, "the same on the double-fault stack: #DF" },
    { "double-fault", provoke_double_fault, "an exception without a stack: #DF" },
    { "nmi", provoke_nmi, "interrupt 2, on its own stack, goes on" },
    { "machine-check", provoke_machine_check, "interrupt 18, on its own stack: #MC" },
    { "spurious", provoke_spurious, "an interrupt that no device has, goes on" },
    { "panic", provoke_panic, "break a promise" },
    { "nested-panic", provoke_nested_panic, "break another while that is reported" },
    { "wx", provoke_w_x, "make data executable, then audit" },
    { "boot-info", provoke_boot_info, "be handed something that is no boot_info" },
};

void (*provoke_find(const char *name))(void *unused)
{
    for (unsigned i = 0; i < ARRAY_COUNT(disasters); i++) {
        if (string_equals(disasters[i].name, name))
            return disasters[i].action;
    }
    return NULL;
}

void provoke_list(void)
{
    for (unsigned i = 0; i < ARRAY_COUNT(disasters); i++)
        kprintf("  %-20s %s\n", disasters[i].name, disasters[i].text);
}

bool provoke(const char *name)
{
    void (*action)(void *) = provoke_find(name);
    if (action == NULL)
        return false;
    action(NULL);
    return true;
}
