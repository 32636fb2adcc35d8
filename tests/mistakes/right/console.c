/* SPDX-License-Identifier: MIT
 * What the kernel says goes to the screen and to the first serial port. */
#include "kernel.h"

enum { COLUMNS = 80, ROWS = 25, COLOUR = 0x0700 };
enum { COM1 = 0x3F8, LINE_CONTROL = 3, LINE_STATUS = 5 };
enum { LINE_DIVISOR = 0x80, LINE_8_BITS = 3, LINE_EMPTY = 0x20 };

static volatile uint16_t *const screen = (volatile uint16_t *)0xB8000;
static unsigned row, column;

void console_start(void)
{
    for (unsigned place = 0; place < COLUMNS * ROWS; place++)
        screen[place] = COLOUR | ' ';
    outb(COM1 + LINE_CONTROL, LINE_DIVISOR);
    outb(COM1, 1); /* 115200 baud */
    outb(COM1 + 1, 0);
    outb(COM1 + LINE_CONTROL, LINE_8_BITS);
}

static void screen_put(char letter)
{
    if (letter != '\n')
        screen[row * COLUMNS + column++] = (uint16_t)(COLOUR | (uint8_t)letter);
    if (letter == '\n' || column == COLUMNS) {
        column = 0;
        row = (row + 1) % ROWS;
    }
}

static void serial_put(char letter)
{
    while (!(inb(COM1 + LINE_STATUS) & LINE_EMPTY)) {
    }
    outb(COM1, (uint8_t)letter);
}

void print(const char *text)
{
    for (; *text; text++) {
        screen_put(*text);
        serial_put(*text);
    }
}

void print_hex(uint64_t number)
{
    char digit[2] = { 0 };
    int shift = 60;
    while (shift > 0 && !(number >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4) {
        digit[0] = "0123456789ABCDEF"[number >> shift & 15];
        print(digit);
    }
    print("h");
}
