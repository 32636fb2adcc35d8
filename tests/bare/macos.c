/* SPDX-License-Identifier: MIT
 *
 * A program's start on macOS, x86-64, and the two system calls it needs. No
 * library. Source: the XNU kernel's syscall classes; class 2 is Unix.
 */
#include <stdint.h>

#include "kernel/core/string.h"
#include "tests/bare/bare.h"

#define SYSCALL_UNIX  0x2000000
#define SYSCALL_EXIT  (SYSCALL_UNIX + 1)
#define SYSCALL_WRITE (SYSCALL_UNIX + 4)
#define STDOUT        1

/* The loader calls what LC_MAIN names as if it were main; to the linker it is _start. */
NORETURN void start(int count, const char *const *arguments);

/* What the compiler calls on this system to clear memory. */
void __bzero(void *to, size_t bytes);

static uint64_t call_system(uint64_t number, uint64_t first, const void *second, uint64_t third)
{
    uint64_t result = number;
    __asm__ volatile("syscall"
                     : "+a"(result), "+d"(third)
                     : "D"(first), "S"(second)
                     : "rcx", "r11", "cc", "memory");
    return result;
}

void start(int count, const char *const *arguments)
{
    bare_main(count < 2 ? "" : arguments[1]);
}

void bare_write(void *context, const char *text, size_t bytes)
{
    (void)context;
    if (call_system(SYSCALL_WRITE, STDOUT, text, bytes) != bytes)
        bare_exit(false);
}

void bare_exit(bool passed)
{
    for (;;)
        call_system(SYSCALL_EXIT, passed ? 0 : 1, NULL, 0);
}

void __bzero(void *to, size_t bytes)
{
    memset(to, 0, bytes);
}
