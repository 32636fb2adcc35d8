/* SPDX-License-Identifier: MIT
 *
 * Ports: POST, gate A20, keyboard controller, COM1, E9h. A byte written to a
 * controller that cannot take it breaks a rule.
 * Spec: IBM PS/2 Hardware Interface Technical Reference; PC16550D data sheet.
 */
#include "hw/pc_ports.h"
#include <string.h>

#include "hw/i8042.h"
#include "hw/uart16550.h"
#include "tests/emulated/pc.h"

#define BYTES_WAITING 3    /* of KEYBOARD_FULL */
#define BUSY_LOOKS    1000 /* of KEYBOARD_SLOW */
#define SENDING_LOOKS 200  /* of UART_SLOW */
#define UART_PORTS    8

/* The gate is open; the line follows when it likes. */
void pc_open_a20(struct pc *pc)
{
    if (!pc->a20 && pc->settles_in == 0)
        pc->settles_in = pc->habits->settle + 1;
}

static uint8_t fast_gate_read(const struct pc *pc)
{
    switch (pc->habits->fast) {
    case FAST_ABSENT:
        return PORT_ABSENT;
    case FAST_SAYS_ON:
        return SYSTEM_A_A20;
    case FAST_RESET_BIT:
        return SYSTEM_A_RESET;
    default:
        return 0;
    }
}

static void fast_gate_write(struct machine *machine, uint8_t value)
{
    struct pc *const pc = machine->context;

    if (value & SYSTEM_A_RESET)
        machine_break(machine, "resets the CPU by port 92h (Q59)", value);
    if ((value & SYSTEM_A_A20) && pc->habits->fast != FAST_NO_EFFECT)
        pc_open_a20(pc);
}

static uint8_t keyboard_status(struct pc *pc)
{
    uint8_t status = 0;

    pc->waits++;
    if (pc->habits->keyboard == KEYBOARD_ABSENT)
        return I8042_ABSENT;
    if (pc->waiting > 0 || pc->habits->keyboard == KEYBOARD_ENDLESS)
        status |= I8042_STATUS_OUTPUT;
    if (pc->busy > 0 || pc->stopped || pc->habits->keyboard == KEYBOARD_NEVER)
        status |= I8042_STATUS_INPUT;
    if (pc->busy > 0)
        pc->busy--;
    return status;
}

static bool keyboard_takes(struct machine *machine, uint8_t value)
{
    struct pc *const pc = machine->context;
    const enum keyboard kind = pc->habits->keyboard;

    if (kind == KEYBOARD_FORBIDDEN && value != I8042_PULSE_RESET)
        machine_break(machine, "pokes the keyboard controller without need (Q57)", value);
    if (value != I8042_PULSE_RESET && kind != KEYBOARD_ABSENT &&
        (pc->busy > 0 || pc->stopped || pc->waiting > 0 || kind == KEYBOARD_NEVER))
        machine_break(machine, "writes to a keyboard controller that is not ready", value);
    if (kind == KEYBOARD_SLOW)
        pc->busy = BUSY_LOOKS;
    if (kind == KEYBOARD_STOPS || (kind == KEYBOARD_STOPS_LATE && pc->output_port))
        pc->stopped = true;
    return kind != KEYBOARD_ABSENT;
}

static void keyboard_command(struct machine *machine, uint8_t value)
{
    struct pc *const pc = machine->context;

    if (!keyboard_takes(machine, value))
        return;
    pc->output_port = value == I8042_WRITE_OUTPUT;
    if (value == I8042_WRITE_OUTPUT && pc->habits->keyboard == KEYBOARD_LEAVES)
        pc->waiting++;
    if (value == I8042_PULSE_RESET && pc->habits->keyboard != KEYBOARD_NEVER) {
        pc->reset = true;
        machine_end(machine);
    }
}

static void keyboard_data(struct machine *machine, uint8_t value)
{
    struct pc *const pc = machine->context;

    if (!keyboard_takes(machine, value))
        return;
    if (!pc->output_port || value != I8042_OUTPUT_A20_ON)
        machine_break(machine, "writes a byte that no command announced", value);
    pc->output_port = false;
    if (pc->habits->keyboard != KEYBOARD_NO_EFFECT)
        pc_open_a20(pc);
}

static uint8_t keyboard_read(struct pc *pc)
{
    if (pc->waiting > 0)
        pc->waiting--;
    return 0;
}

static uint8_t uart_read(struct pc *pc, unsigned offset)
{
    const enum uart kind = pc->habits->uart;

    if (offset == UART_SCRATCH && kind != UART_ABSENT) {
        const uint8_t kept = pc->scratch;
        if (kind == UART_ECHO)
            pc->scratch = 0xA5; /* the bus keeps one value and not the next */
        return kept;
    }
    if (offset != UART_LSR || kind == UART_ABSENT || kind == UART_ECHO)
        return PORT_ABSENT;
    pc->waits++;
    pc->uart_looks++;
    if (kind == UART_NEVER || pc->not_ready > 0) {
        pc->not_ready -= pc->not_ready > 0;
        return 0;
    }
    return UART_LSR_THRE;
}

static void put(char *text, unsigned *count, uint8_t value)
{
    if (*count < PC_TEXT - 1)
        text[(*count)++] = (char)value;
}

static void uart_write(struct machine *machine, unsigned offset, uint8_t value, bool set_up)
{
    struct pc *const pc = machine->context;
    const enum uart kind = pc->habits->uart;

    if (offset == UART_SCRATCH && kind == UART_ECHO)
        pc->scratch = value == 0xA5 ? value : pc->scratch;
    else if (offset == UART_SCRATCH)
        pc->scratch = value;
    if (offset != UART_DATA || !set_up)
        return;
    if (kind == UART_NEVER || pc->not_ready > 0)
        machine_break(machine, "sends to a serial port that is not ready", value);
    if (kind == UART_SLOW)
        pc->not_ready = SENDING_LOOKS;
    put(pc->serial, &pc->serial_count, value);
}

/* What the registers hold by which the port is set up. */
static void uart_set_up(struct pc *pc, unsigned offset, uint8_t value)
{
    if (offset <= UART_IER && pc->divisor)
        pc->uart[offset] = value;
    else if (offset == UART_IER)
        pc->uart[2] = value;
    else if (offset == UART_FCR || offset == UART_LCR || offset == UART_MCR)
        pc->uart[offset + 1] = value;
}

uint8_t pc_port_read(struct machine *machine, unsigned port)
{
    struct pc *const pc = machine->context;

    switch (port) {
    case PORT_POST:
        pc->waits++;
        return 0;
    case PORT_SYSTEM_A:
        return fast_gate_read(pc);
    case I8042_STATUS:
        return keyboard_status(pc);
    case I8042_DATA:
        return keyboard_read(pc);
    case PORT_DEBUG_CONSOLE:
        return pc->habits->e9 ? PORT_DEBUG_CONSOLE : PORT_ABSENT;
    default:
        break;
    }
    if (port >= UART_COM1 && port < UART_COM1 + UART_PORTS)
        return uart_read(pc, port - UART_COM1);
    machine_break(machine, "reads a port that it has no use for", port);
    return PORT_ABSENT;
}

void pc_port_write(struct machine *machine, unsigned port, uint8_t value)
{
    struct pc *const pc = machine->context;
    const bool logged = port == PORT_SYSTEM_A || port == I8042_COMMAND || port == I8042_DATA;

    if (logged && pc->write_count < PC_WRITES)
        pc->writes[pc->write_count++] = (struct port_record){ port, value };
    if (port == PORT_POST)
        pc->post = value;
    else if (port == PORT_SYSTEM_A)
        fast_gate_write(machine, value);
    else if (port == I8042_COMMAND)
        keyboard_command(machine, value);
    else if (port == I8042_DATA)
        keyboard_data(machine, value);
    else if (port == PORT_DEBUG_CONSOLE)
        put(pc->debug, &pc->debug_count, value);
    else if (port >= UART_COM1 && port < UART_COM1 + UART_PORTS) {
        uart_set_up(pc, port - UART_COM1, value);
        pc->divisor = port == UART_COM1 + UART_LCR ? (value & UART_LCR_DLAB) != 0 : pc->divisor;
        uart_write(machine, port - UART_COM1, value, !pc->divisor);
    } else
        machine_break(machine, "writes a port that it has no use for", port);
}

void pc_start(struct pc *pc, const struct pc_habits *habits)
{
    *pc = (struct pc){ .habits = habits, .a20 = habits->a20_on, .post = -1 };
    pc->random.state = habits->seed;
    for (unsigned i = 0; i < sizeof(pc->high); i++)
        pc->high[i] = (uint8_t)(i * 7 + 1);
    memset(pc->uart, 0xEE, sizeof(pc->uart));
    pc->waiting = habits->keyboard == KEYBOARD_FULL ? BYTES_WAITING : 0;
}
