/* SPDX-License-Identifier: MIT
 *
 * The E9h port. It is written only where it reads back its own number, which a
 * port without a device does not.
 */
#include "kernel/dev/debug_port.h"

#include "hw/pc_ports.h"
#include "kernel/arch/x86_64/ports.h"
#include "kernel/log/console.h"

static void debug_port_write(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        port_write8(PORT_DEBUG_CONSOLE, (uint8_t)text[i]);
}

static struct console_sink debug_port_sink = { .name = "port E9h", .write = debug_port_write };

bool debug_port_begin(void)
{
    if (port_read8(PORT_DEBUG_CONSOLE) != PORT_DEBUG_CONSOLE)
        return false;
    console_attach(&debug_port_sink);
    return true;
}
