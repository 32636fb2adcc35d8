/* SPDX-License-Identifier: MIT
 *
 * The kernel's story, one call a line. What each part does stands in its own
 * header; here is only the order.
 */
#include "boot/boot_info.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/arch/x86_64/segments.h"
#include "kernel/arch/x86_64/stack_guard.h"
#include "kernel/arch/x86_64/vectors.h"
#include "kernel/boot/boot.h"
#include "kernel/boot/boot_audit.h"
#include "kernel/boot/command_line.h"
#include "kernel/boot/record.h"
#include "kernel/boot/report.h"
#include "kernel/dev/debug_port.h"
#include "kernel/dev/power.h"
#include "kernel/dev/screen.h"
#include "kernel/dev/serial.h"
#include "kernel/log/console.h"
#include "kernel/mm/fail.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kasan_room.h"
#include "kernel/mm/space.h"
#include "kernel/selftest/bench.h"
#include "kernel/selftest/provoke.h"
#include "kernel/selftest/selftest.h"
#include "kernel/shell/shell.h"

NORETURN void kernel_main(const struct boot_info *info, uint64_t entry_tsc); /* for entry.asm */

static struct command_line words;

static void note_unknown_word(const char *word, size_t bytes)
{
    kprintf("coldstart: note: the kernel does not know the word \"%.*s\"\n", (int)bytes, word);
}

static void leave_after_panic(void)
{
    power_leave(false);
}

static void reset_after_panic(void)
{
    power_reset();
}

/* A machine that runs tests or was told to leave must not hang in a panic. */
static void choose_panic_action(void)
{
    enum panic_choice choice = words.panic;
    if (choice == PANIC_UNSAID)
        choice = words.selftest || words.leave ? PANIC_EXIT : PANIC_HALT;
    if (choice == PANIC_EXIT)
        panic_set_action("exit", leave_after_panic);
    else if (choice == PANIC_REBOOT)
        panic_set_action("reboot", reset_after_panic);
}

/* The sweep of tests/vm/test_fail.py wants to know how far it has to go. */
static void report_failing(void)
{
    if (words.fail != 0)
        kprintf("coldstart: fail=%llu: %llu allocations until here\n",
                (unsigned long long)words.fail, (unsigned long long)fail_counted());
    fail_at(0);
}

/* A kernel built to find mistakes checks its memory, too, if nothing else is said. */
static void choose_memory_checks(void)
{
    frames_set_checked(words.memory == MEMORY_UNSAID ? COLDSTART_MEMORY_CHECKED
                                                     : words.memory == MEMORY_CHECKED);
}

static void begin_heap(void)
{
    if (!heap_begin(boot_memory(), boot_info_get()->memory_count, frames_checked()))
        kprintf("coldstart: note: there is no memory for the heap's table\n");
}

static void report_everything(void)
{
    report_version();
    report_cpu();
    report_paging();
    report_memory();
    report_frames();
    report_e820();
    report_firmware();
    report_modules();
    report_timeline();
    kprintf("\n");
}

/* What the command line asks for; comes back only if the machine is to stay. */
static void follow(void)
{
    bool passed = true;
    if (words.provoke[0] != '\0' && !provoke(words.provoke)) {
        kprintf("coldstart: nothing to provoke is called \"%s\"\n", words.provoke);
        passed = false;
    }
    if (words.bench && !bench_run(words.area)) {
        kprintf("coldstart: nothing to measure is called \"%s\"\n", words.area);
        passed = false;
    }
    if (words.selftest)
        passed = selftest_run(words.pattern) && passed;
    if (words.selftest || words.leave)
        power_leave(passed);
}

/* On the kernel's own tables and stack. */
static void kernel_run(void)
{
    space_extend();
    kasan_room_open();
    frames_reclaim(BOOT_MEMORY_LOADER);
    begin_heap();
    report_everything();
    if (words.record) {
        record_print();
        kprintf("\n");
    }
    report_failing();
    kprintf("coldstart: kernel ready\n");
    follow();
    shell_run();
}

NORETURN void kernel_main(const struct boot_info *info, uint64_t entry_tsc)
{
    segments_begin();
    vectors_begin();
    debug_port_begin();
    serial_begin();
    boot_accept(info, entry_tsc);
    stack_guard_stir(info->random_seed, sizeof(info->random_seed));
    screen_begin(&info->video);
    power_begin(info->rsdp_phys);
    command_line_parse(boot_command_line(), &words, note_unknown_word);
    choose_panic_action();
    cpu_protect();
    boot_audit();
    choose_memory_checks();
    fail_at(words.fail);
    frames_begin(boot_memory(), info->memory_count);
    boot_keep();
    space_begin(boot_info_get());
    kasan_room_begin(boot_memory(), info->memory_count);
    space_enter(kernel_run);
}
