/* SPDX-License-Identifier: MIT
 *
 * A kernel in C for Coldstart's loader: it looks at what it was given, says so, and
 * takes commands from the serial port. Interrupts stay off, so it needs no tables
 * of its own; the loader's stack and page tables do.
 */
#include <coldstart/boot_info.h>
#include <coldstart/requirements.h>

#include "console.h"

/* Protocol 1, boot_info as these headers know it, 8 MiB of memory. The loader checks it. */
BOOT_REQUIRE(1, sizeof(struct boot_info), 8 * 1024, 0);

static const struct boot_info *boot;

/* Physical memory is seen at direct_map_base. */
static const void *at(uint64_t phys)
{
    return (const void *)(boot->direct_map_base + phys);
}

static int is_same(const char *one, const char *other)
{
    while (*one != '\0' && *one == *other) {
        one++;
        other++;
    }
    return *one == *other;
}

static void show_memory(void)
{
    const struct boot_memory_range *const ranges = at(boot->memory_phys);
    uint64_t bytes = 0;

    for (unsigned i = 0; i < boot->memory_count; i++) {
        if (ranges[i].type == BOOT_MEMORY_USABLE)
            bytes += ranges[i].last - ranges[i].first + 1;
    }
    say("memory: ");
    say_number(bytes / 1024);
    say(" KiB free, in a map of ");
    say_number(boot->memory_count);
    say(" ranges\n");
}

static void show_modules(void)
{
    const struct boot_module *const modules = at(boot->module_phys);

    for (unsigned i = 0; i < boot->module_count; i++) {
        say("module: ");
        say(at(modules[i].name_phys));
        say(", ");
        say_number(modules[i].bytes);
        say(" bytes\n");
    }
}

static void show_screen(void)
{
    say(boot->video.kind == BOOT_VIDEO_TEXT ? "screen: text, " : "screen: framebuffer, ");
    say_number(boot->video.width);
    say(" x ");
    say_number(boot->video.height);
    say("\n");
}

static void obey(const char *line)
{
    if (is_same(line, "help")) {
        say("commands: help, mem, exit\n");
    } else if (is_same(line, "mem")) {
        show_memory();
    } else if (is_same(line, "exit")) {
        say("bye\n");
        leave();
    } else {
        say("you said: ");
        say(line);
        say("\n");
    }
}

/*
 * The entry point, a C function like any other: boot_info comes in RDI, where the
 * first argument goes, and the stack is as after a call. It has nowhere to return to.
 */
_Noreturn void _start(const struct boot_info *info)
{
    char line[80];

    boot = info;
    console_start(boot);
    if (boot->magic != BOOT_INFO_MAGIC || boot->version < BOOT_PROTOCOL_VERSION ||
        boot->bytes < sizeof(*boot)) {
        say("this is not the boot protocol this kernel was built for\n");
        leave();
    }

    say("hello from C, built by clang\nprotocol: ");
    say_number(boot->version);
    say("\n");
    show_memory();
    say("command line: ");
    say(at(boot->command_line_phys));
    say("\n");
    show_modules();
    show_screen();

    if (is_same(at(boot->command_line_phys), "exit"))
        leave();
    for (;;) {
        say("> ");
        read_line(line, sizeof(line));
        obey(line);
    }
}
