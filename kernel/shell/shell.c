/* SPDX-License-Identifier: MIT
 *
 * The commands. Each gets what follows its name on the line, without blanks
 * around it.
 */
#include "kernel/shell/shell.h"

#include <stddef.h>
#include <stdint.h>

#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/page_walk_print.h"
#include "kernel/boot/record.h"
#include "kernel/boot/report.h"
#include "kernel/core/string.h"
#include "kernel/dev/power.h"
#include "kernel/log/console.h"
#include "kernel/log/symbols.h"
#include "kernel/mm/heap.h"
#include "kernel/selftest/bench.h"
#include "kernel/selftest/provoke.h"
#include "kernel/selftest/selftest.h"
#include "kernel/shell/line.h"

#define LINE_BYTES 128
#define BASE_HEX   16

static void command_help(const char *argument);

static void command_memory(const char *argument)
{
    (void)argument;
    report_memory();
}

static void command_frames(const char *argument)
{
    (void)argument;
    report_frames();
}

static void command_e820(const char *argument)
{
    (void)argument;
    report_e820();
}

static void command_boot(const char *argument)
{
    (void)argument;
    report_version();
    report_firmware();
    report_modules();
    report_timeline();
}

static void command_record(const char *argument)
{
    (void)argument;
    record_print();
}

static void command_map(const char *argument)
{
    (void)argument;
    report_mappings();
}

static void command_cpu(const char *argument)
{
    (void)argument;
    report_cpu();
    report_paging();
}

/* An address in hexadecimal, or the name of a symbol; says so where it is neither. */
static bool parse_place(const char *argument, uint64_t *address)
{
    const char *digits = string_starts_with(argument, "0x") ? argument + 2 : argument;
    *address = symbols_address(argument);
    if (*address != 0 || string_parse_unsigned(digits, string_length(digits), BASE_HEX, address))
        return true;
    kprintf("  neither a symbol nor an address: %s\n", argument);
    return false;
}

static void command_symbol(const char *argument)
{
    uint64_t address;
    if (!parse_place(argument, &address))
        return;
    kprintf("  0x%016llx", (unsigned long long)address);
    if (symbols_address(argument) != 0)
        kprintf(" %s", argument);
    else
        symbols_print(address);
    kprintf("\n");
}

static void command_walk(const char *argument)
{
    const struct page_tables tables = page_tables_current();
    uint64_t address;
    if (parse_place(argument, &address))
        page_walk_print(&tables, address);
}

static void command_heap(const char *argument)
{
    if (string_equals(argument, "live"))
        heap_print_live();
    else
        heap_print();
}

static void command_selftest(const char *argument)
{
    selftest_run(argument);
}

static void command_bench(const char *argument)
{
    if (!bench_run(argument))
        kprintf("  nothing to measure is called that: %s\n", argument);
}

static void command_provoke(const char *argument)
{
    if (!provoke(argument))
        provoke_list();
}

static void command_reboot(const char *argument)
{
    (void)argument;
    power_reset();
}

static void command_exit(const char *argument)
{
    (void)argument;
    power_leave(true);
}

struct command {
    const char *name;
    const char *argument;
    const char *text;
    void (*run)(const char *argument);
};

static const struct command commands[] = {
    { "help", "", "this list", command_help },
    { "mem", "", "the memory map as judged", command_memory },
    { "frames", "", "what is free, used and reserved of it now", command_frames },
    { "e820", "", "the memory map as it was reported", command_e820 },
    { "boot", "", "how this machine booted, with the timeline", command_boot },
    { "record", "", "all that the firmware answered, for a report of a problem", command_record },
    { "cpu", "", "the CPU and the page tables", command_cpu },
    { "map", "", "all that is mapped, with what it allows", command_map },
    { "walk", "WHERE", "the page tables on the way to an address or a name", command_walk },
    { "symbol", "WHAT", "the function at an address, or the address of a name", command_symbol },
    { "heap", "[live]", "the heap's account, or its live blocks", command_heap },
    { "selftest", "[PATTERN]", "the kernel's tests of itself", command_selftest },
    { "bench", "[heap]", "the kernel's measurements", command_bench },
    { "provoke", "[NAME]", "a disaster, to see it reported", command_provoke },
    { "reboot", "", "start the machine again", command_reboot },
    { "exit", "", "leave the machine: power off", command_exit },
    { "poweroff", "", "the same", command_exit },
};

static void command_help(const char *argument)
{
    (void)argument;
    for (unsigned i = 0; i < ARRAY_COUNT(commands); i++)
        kprintf("  %-9s %-10s %s\n", commands[i].name, commands[i].argument, commands[i].text);
}

static const char *skip_blanks(const char *text)
{
    while (*text == ' ')
        text++;
    return text;
}

/* If the line starts with this command's name: what follows; else NULL. */
static const char *argument_of(const char *line, const char *name)
{
    const size_t length = string_length(name);
    if (!string_starts_with(line, name) || (line[length] != ' ' && line[length] != '\0'))
        return NULL;
    return skip_blanks(line + length);
}

bool shell_execute(const char *line)
{
    const char *start = skip_blanks(line);
    for (unsigned i = 0; i < ARRAY_COUNT(commands); i++) {
        const char *argument = argument_of(start, commands[i].name);
        if (argument == NULL)
            continue;
        commands[i].run(argument);
        return true;
    }
    return *start == '\0';
}

NORETURN void shell_run(void)
{
    char line[LINE_BYTES];
    kprintf("Type help for the commands.\n");
    for (;;) {
        line_read("> ", line, sizeof(line));
        size_t length = string_length(line);
        while (length > 0 && line[length - 1] == ' ')
            line[--length] = '\0';
        if (!shell_execute(line))
            kprintf("  no such command: %s\n", line);
    }
}
