/* SPDX-License-Identifier: MIT
 *
 * Prints docs/errors.md from the one list of statuses and the advice beside it.
 */
#include <stdio.h>

#include "boot/stage1.h"
#include "boot/status.h"
#include "tools/docs/advice.h"

static void print_row(enum boot_status status, const char *sentence)
{
    printf("| E%02X | %s | %s |\n", (unsigned)status, sentence, advice_text(status));
}

int main(void)
{
    puts(
        "# Errors\n\n"
        "This page is made from `include/boot/status.h` by `tools/docs`; a test fails when it is\n"
        "stale. A boot that cannot go on prints one line,\n\n"
        "    coldstart: error Exx: what, where, which number\n\n"
        "on the screen, on COM1 and on port E9h, puts the two digits on POST port 80h, waits for "
        "a\n"
        "key or 30 seconds, gives the BIOS a chance to boot something else (INT 18h), and resets.\n"
        "The first digit names the guilty party: 1 the machine, 2 the disk, 3 the FAT volume,\n"
        "4 `coldstart.cfg`, 5 the kernel's file, 6 what was loaded, and what it needs.\n\n"
        "| code | sentence | what to do |\n|---|---|---|");
#define ROW(code, name, text) print_row(name, text);
    BOOT_STATUS_LIST(ROW)
#undef ROW
    puts("\n## Stage 1\n\n"
         "The 512-byte sector has room for `E`, a letter and the BIOS's status (INT 13h, two hex\n"
         "digits) only.\n\n"
         "| letter | meaning |\n|---|---|");
#define LETTER(letter, name, text) printf("| %s | %s |\n", letter, text);
    STAGE1_ERROR_LIST(LETTER)
#undef LETTER
    return 0;
}
