/* SPDX-License-Identifier: MIT
 *
 * The first serial port, port E9h, which QEMU and Bochs show, and the screen: the
 * same text to each. Nothing here needs an interrupt; the serial port is asked.
 */
#include "console.h"

#include "screen.h"

/* The first serial port of a PC, an 8250 or later, and its registers from there on. */
#define COM1             0x3F8
#define UART_DATA        0
#define UART_INTERRUPTS  1 /* ... and the divisor's upper half */
#define UART_FIFO        2
#define UART_LINE        3
#define UART_MODEM       4
#define UART_LINE_STATUS 5
#define LINE_8N1         0x03
#define LINE_DIVISOR     0x80
#define STATUS_RECEIVED  0x01
#define STATUS_CAN_SEND  0x20
#define STATUS_ALL_SENT  0x40
#define WAIT_MAX         100000 /* a port that is not there never becomes ready */

#define PORT_E9         0xE9
#define PORT_DEBUG_EXIT 0xF4 /* QEMU: -device isa-debug-exit,iobase=0xf4,iosize=4 */
#define EXIT_SUCCESS    0x10 /* becomes QEMU's status 33 */
#define PORT_SHUTDOWN   0x8900

static void out(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t in(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

void console_start(const struct boot_info *boot)
{
    out(COM1 + UART_INTERRUPTS, 0);
    out(COM1 + UART_LINE, LINE_DIVISOR);
    out(COM1 + UART_DATA, 1); /* 115200 baud */
    out(COM1 + UART_INTERRUPTS, 0);
    out(COM1 + UART_LINE, LINE_8N1);
    out(COM1 + UART_FIFO, 1);
    out(COM1 + UART_MODEM, 3);
    screen_start(boot);
}

static void wait_for(uint8_t status)
{
    for (unsigned i = 0; i < WAIT_MAX && !(in(COM1 + UART_LINE_STATUS) & status); i++)
        ;
}

static void send(char letter)
{
    wait_for(STATUS_CAN_SEND);
    out(COM1 + UART_DATA, (uint8_t)letter);
    out(PORT_E9, (uint8_t)letter);
}

static void put(char letter)
{
    if (letter == '\n')
        send('\r'); /* a terminal wants both */
    send(letter);
    screen_put(letter);
}

void say(const char *text)
{
    for (; *text != '\0'; text++)
        put(*text);
}

void say_number(uint64_t number)
{
    char digits[21]; /* 2^64 has 20 */
    unsigned at = sizeof(digits) - 1;

    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    say(digits + at);
}

void read_line(char *line, unsigned size)
{
    unsigned length = 0;

    for (;;) {
        while (!(in(COM1 + UART_LINE_STATUS) & STATUS_RECEIVED))
            ;
        const char letter = (char)in(COM1 + UART_DATA);
        if (letter == '\r' || letter == '\n')
            break;
        if (letter < ' ' || letter > '~' || length + 1 == size)
            continue;
        line[length++] = letter;
        put(letter);
    }
    line[length] = '\0';
    put('\n');
}

_Noreturn void leave(void)
{
    wait_for(STATUS_ALL_SENT); /* the last letters, too */
    out(PORT_DEBUG_EXIT, EXIT_SUCCESS);
    for (const char *word = "Shutdown"; *word != '\0'; word++)
        out(PORT_SHUTDOWN, (uint8_t)*word);
    for (;;)
        __asm__ volatile("cli\n\thlt");
}
