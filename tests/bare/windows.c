/* SPDX-License-Identifier: MIT
 *
 * A console program's start on Windows, x86-64. No C library; what it needs of
 * the system comes from kernel32.dll by the import library of kernel32.def.
 */
#include <stdint.h>

#include "tests/bare/bare.h"

#define STD_OUTPUT_HANDLE (0U - 11)

/* As the Windows API declares them, in the words of the C standard. */
void *GetStdHandle(uint32_t which);
int WriteFile(void *file, const void *bytes, uint32_t count, uint32_t *written, void *overlapped);
NORETURN void ExitProcess(uint32_t status);

NORETURN void _start(void);

void _start(void)
{
    bare_main("");
}

void bare_write(void *context, const char *text, size_t bytes)
{
    (void)context;
    uint32_t written;
    if (WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, (uint32_t)bytes, &written, NULL) == 0 ||
        written != bytes)
        bare_exit(false);
}

void bare_exit(bool passed)
{
    ExitProcess(passed ? 0 : 1);
}
