/* SPDX-License-Identifier: MIT
 *
 * The probe kernel's voice: COM1 as the loader left it, and port E9h. No screen,
 * no input. Leaving: QEMU's isa-debug-exit, then Bochs's shutdown port.
 */
#include "probe.h"

#define COM1_DATA         0x3F8
#define COM1_LINE_STATUS  0x3FD
#define LINE_STATUS_EMPTY 0x20
#define SERIAL_WAIT_MOST  1000000
#define DEBUG_PORT        0xE9
#define EXIT_PORT         0xF4
#define EXIT_PASSED       0x10
#define EXIT_FAILED       0x11
#define BOCHS_PORT        0x8900

static void out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t in8(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static void print_byte(char byte)
{
    for (unsigned i = 0; i < SERIAL_WAIT_MOST; i++)
        if (in8(COM1_LINE_STATUS) & LINE_STATUS_EMPTY)
            break;
    out8(COM1_DATA, (uint8_t)byte);
    out8(DEBUG_PORT, (uint8_t)byte);
}

void print(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            print_byte('\r');
        print_byte(*text);
    }
}

void print_hex(uint64_t value)
{
    for (unsigned shift = 64; shift != 0; shift -= 4)
        print_byte("0123456789abcdef"[(value >> (shift - 4)) & 15]);
}

void print_decimal(uint64_t value)
{
    char digits[21];
    unsigned at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    print(&digits[at]);
}

/* One line `probe: NAME VALUE`, which the tests parse. */
void print_fact(const char *name, uint64_t value)
{
    print("probe: ");
    print(name);
    print(" ");
    print_decimal(value);
    print("\n");
}

NORETURN void leave(bool passed)
{
    out8(EXIT_PORT, passed ? EXIT_PASSED : EXIT_FAILED);
    for (const char *word = "Shutdown"; *word != '\0'; word++)
        out8(BOCHS_PORT, (uint8_t)*word);
    for (;;)
        __asm__ volatile("cli; hlt");
}
