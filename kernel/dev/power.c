/* SPDX-License-Identifier: MIT
 *
 * Each way is tried in turn, and whoever reads the next line of this file has
 * survived the one before: none of these ports can be asked whether its device
 * is there. QEMU's exit port first; no PC has a device at that number, which
 * IBM set aside for the coprocessor and never used. Bochs's shutdown port next,
 * only where port E9h shows an emulator. Then ACPI, which every PC since 1999 has.
 */
#include "kernel/dev/power.h"

#include "hw/descriptors.h"
#include "hw/i8042.h"
#include "hw/pc_ports.h"
#include "kernel/arch/x86_64/ports.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/dev/acpi.h"
#include "kernel/dev/serial.h"
#include "kernel/log/console.h"

#define CONTROLLER_POLLS 100000  /* reads until the controller must be free */
#define RESET_POLLS      1000000 /* reads until a reset must have struck */

static uint64_t power_rsdp;

void power_begin(uint64_t rsdp_phys)
{
    power_rsdp = rsdp_phys;
}

static void leave_by_bochs(void)
{
    static const char word[] = "Shutdown";
    if (port_read8(PORT_DEBUG_CONSOLE) != PORT_DEBUG_CONSOLE)
        return;
    for (const char *letter = word; *letter != '\0'; letter++)
        port_write8(PORT_BOCHS_SHUTDOWN, (uint8_t)*letter);
}

NORETURN void power_leave(bool success)
{
    struct acpi_soft_off how;
    serial_finish();
    port_write8(PORT_DEBUG_EXIT, success ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
    leave_by_bochs();
    if (acpi_soft_off_find(power_rsdp, &how))
        acpi_soft_off_do(&how);
    kprintf("coldstart: it is now safe to switch this machine off\n");
    cpu_halt();
}

static void reset_by_keyboard_controller(void)
{
    /* Without a controller every bit reads 1 (Q56). */
    for (unsigned i = 0; i < CONTROLLER_POLLS; i++) {
        const uint8_t status = port_read8(I8042_STATUS);
        if (status == I8042_ABSENT)
            return;
        if ((status & I8042_STATUS_INPUT) == 0)
            break;
    }
    port_write8(I8042_COMMAND, I8042_PULSE_RESET);
    for (unsigned i = 0; i < RESET_POLLS; i++)
        (void)port_read8(I8042_STATUS);
}

static void reset_by_chipset(void)
{
    port_write8(PORT_RESET, RESET_HARD_PREPARE);
    port_write8(PORT_RESET, RESET_HARD_NOW);
    for (unsigned i = 0; i < RESET_POLLS; i++)
        (void)port_read8(PORT_RESET);
}

NORETURN void power_reset(void)
{
    const struct table_register nothing = { .limit = 0, .base = 0 };
    serial_finish();
    reset_by_keyboard_controller();
    reset_by_chipset();
    idt_load(&nothing);
    __builtin_trap(); /* no IDT: a triple fault, which resets */
}
