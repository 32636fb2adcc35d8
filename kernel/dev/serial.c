/* SPDX-License-Identifier: MIT
 *
 * The 16550 driver. Most PCs have no serial port, and some ports have no end:
 * every wait is bounded, and a port that once did not send is left alone.
 * Spec: include/hw/uart16550.h.
 */
#include "kernel/dev/serial.h"

#include "hw/uart16550.h"
#include "kernel/arch/x86_64/ports.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/log/console.h"

#define PROBE_BYTE 0x5A   /* what is sent round the loop */
#define LOOP_POLLS 10000  /* reads until it must have come back */
#define SEND_POLLS 500000 /* reads a byte may take: two characters take 174 us */

static bool serial_present;

static uint8_t uart_read(uint16_t reg)
{
    return port_read8((uint16_t)(UART_COM1 + reg));
}

static void uart_write(uint16_t reg, uint8_t value)
{
    port_write8((uint16_t)(UART_COM1 + reg), value);
}

static bool wait_for(uint8_t status, unsigned polls)
{
    for (unsigned i = 0; i < polls; i++) {
        if ((uart_read(UART_LSR) & status) != 0)
            return true;
        cpu_pause();
    }
    return false;
}

static bool scratch_works(void)
{
    uart_write(UART_SCRATCH, PROBE_BYTE);
    if (uart_read(UART_SCRATCH) != PROBE_BYTE)
        return false;
    uart_write(UART_SCRATCH, (uint8_t)~PROBE_BYTE);
    return uart_read(UART_SCRATCH) == (uint8_t)~PROBE_BYTE;
}

static bool loop_works(void)
{
    uart_write(UART_MCR, UART_MCR_LOOP | UART_MCR_OUT1 | UART_MCR_OUT2 | UART_MCR_RTS);
    uart_write(UART_DATA, PROBE_BYTE);
    return wait_for(UART_LSR_DR, LOOP_POLLS) && uart_read(UART_DATA) == PROBE_BYTE;
}

static void serial_write(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes && serial_present; i++) {
        serial_present = wait_for(UART_LSR_THRE, SEND_POLLS);
        if (serial_present)
            uart_write(UART_DATA, (uint8_t)text[i]);
    }
}

static struct console_sink serial_sink = { .name = "COM1", .write = serial_write };

bool serial_begin(void)
{
    if (!scratch_works())
        return false;
    /* The loader's last bytes may still be on their way out. */
    if (!wait_for(UART_LSR_TEMT, SEND_POLLS))
        return false;
    uart_write(UART_IER, 0);
    uart_write(UART_LCR, UART_LCR_DLAB);
    uart_write(UART_DATA, 1); /* divisor: UART_CLOCK_BAUD itself */
    uart_write(UART_IER, 0);
    uart_write(UART_LCR, UART_LCR_8N1);
    uart_write(UART_FCR, UART_FCR_ENABLE);
    if (!loop_works())
        return false;
    uart_write(UART_MCR, UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2);
    serial_present = true;
    console_attach(&serial_sink);
    return true;
}

void serial_finish(void)
{
    if (serial_present)
        (void)wait_for(UART_LSR_TEMT, SEND_POLLS);
}

bool serial_poll(uint8_t *byte)
{
    if (!serial_present || (uart_read(UART_LSR) & UART_LSR_DR) == 0)
        return false;
    *byte = uart_read(UART_DATA);
    return true;
}
