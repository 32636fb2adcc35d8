/* SPDX-License-Identifier: MIT
 *
 * A Cortex-M's start, and the world outside by semihosting: a breakpoint that a
 * debugger, or QEMU, answers. There is no operating system and no library.
 * Whatever the machine does not expect ends the program as failed.
 * Spec: Armv7-M Architecture Reference Manual, B1.5 and B3.2; ARM, Semihosting
 * for AArch32 and AArch64.
 */
#include <stdint.h>

#include "tests/bare/bare.h"

#define SEMIHOSTING_WRITE_LETTER    0x03
#define SEMIHOSTING_GET_COMMAND     0x15
#define SEMIHOSTING_EXIT_EXTENDED   0x20
#define SEMIHOSTING_STOPPED_BY_EXIT 0x20026 /* ADP_Stopped_ApplicationExit */

#define CPACR             0xE000ED88U
#define CPACR_FPU_FOR_ALL (0xFU << 20) /* CP10 and CP11: full access */
#define EXCEPTIONS        15           /* of the architecture, reset being the first */
#define COMMAND_BYTES     256

/* Given by cortex_m.ld. */
extern uint8_t stack_top[];

NORETURN void reset(void);
NORETURN void unexpected(void);

/* What the CPU reads at address 0: its first stack pointer, then where exceptions go. */
static const struct {
    const void *stack;
    void (*exceptions[EXCEPTIONS])(void);
} vectors SECTION(".vectors") USED = {
    .stack = stack_top,
    .exceptions = { reset, unexpected, unexpected, unexpected, unexpected, unexpected, unexpected,
                    unexpected, unexpected, unexpected, unexpected, unexpected, unexpected,
                    unexpected, unexpected },
};

static uint32_t semihosting_call(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

/* The command line is the program's name and perhaps, behind a space, one argument. */
static const char *argument_of(const char *command)
{
    while (*command != '\0' && *command != ' ')
        command++;
    return *command == ' ' ? command + 1 : command;
}

/* Code for the FPU must not run before reset has switched it on: so this is no part of reset. */
__attribute__((noinline)) NORETURN static void start(void)
{
    char command[COMMAND_BYTES] = "";
    struct {
        char *text;
        uint32_t bytes;
    } asked = { command, sizeof(command) - 1 };
    bare_main(semihosting_call(SEMIHOSTING_GET_COMMAND, &asked) == 0 ? argument_of(command) : "");
}

/*
 * Nothing to copy and nothing to clear: free-standing code has no writable data.
 * The FPU is used once, so that it is known to be on.
 */
void reset(void)
{
    *(volatile uint32_t *)CPACR |= CPACR_FPU_FOR_ALL;
    __asm__ volatile("dsb\n\tisb\n\tvmov.f32 s0, #1.0" : : : "s0", "memory");
    start();
}

void unexpected(void)
{
    static const char what[] = "# an exception that nobody expected\n";
    bare_write(NULL, what, sizeof(what) - 1);
    bare_exit(false);
}

void bare_write(void *context, const char *text, size_t bytes)
{
    (void)context;
    for (; bytes != 0; bytes--)
        semihosting_call(SEMIHOSTING_WRITE_LETTER, text++);
}

void bare_exit(bool passed)
{
    const uint32_t reason[] = { SEMIHOSTING_STOPPED_BY_EXIT, passed ? 0 : 1 };
    for (;;)
        semihosting_call(SEMIHOSTING_EXIT_EXTENDED, reason);
}
