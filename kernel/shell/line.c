/* SPDX-License-Identifier: MIT
 *
 * The line editor. Polls, because interrupts are off; the CPU is told that it
 * waits.
 */
#include "kernel/shell/line.h"

#include "kernel/arch/x86_64/registers.h"
#include "kernel/dev/input.h"
#include "kernel/log/console.h"

#define ASCII_CTRL_U 0x15 /* take the whole line back */

static uint8_t wait_for_character(void)
{
    uint8_t character;
    while (!input_poll(&character))
        cpu_pause();
    return character;
}

static size_t take_back(size_t length, size_t count)
{
    for (; count > 0 && length > 0; count--, length--)
        kprintf("\b \b");
    return length;
}

void line_read(const char *prompt, char *line, size_t size)
{
    size_t length = 0;
    kprintf("%s", prompt);
    for (;;) {
        const uint8_t character = wait_for_character();
        if (character == '\n')
            break;
        if (character == '\b') {
            length = take_back(length, 1);
        } else if (character == ASCII_CTRL_U) {
            length = take_back(length, length);
        } else if (character >= ' ' && character <= '~' && length + 1 < size) {
            line[length++] = (char)character;
            kprintf("%c", character);
        }
    }
    line[length] = '\0';
    kprintf("\n");
}
