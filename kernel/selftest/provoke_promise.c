/* SPDX-License-Identifier: MIT
 *
 * Promises of our own that are broken: each ends in a panic of the kernel's C.
 */
#include "hw/cpu.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/boot/boot.h"
#include "kernel/log/console.h"
#include "kernel/selftest/provoke.h"

#define WRITES_BEFORE_PANIC 12

DISASTER(panic, "panic", "break a promise")
{
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

DISASTER(nested_panic, "nested-panic", "break another while that is reported")
{
    static struct console_sink sink = { .name = "broken", .write = write_and_panic };
    console_attach(&sink);
    panic("provoked");
}

DISASTER(boot_info, "boot-info", "be handed something that is no boot_info")
{
    static struct boot_info damaged;
    damaged = *boot_info_get();
    damaged.magic = 0;
    boot_accept(&damaged, 0);
}
