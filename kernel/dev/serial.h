/* SPDX-License-Identifier: MIT
 *
 * The first serial port as console, 115200 8N1, polled both ways.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Set COM1 up and attach it. False: no UART answers there. */
bool serial_begin(void);

/* Wait until the last byte has left the port; bounded. For those who end the machine. */
void serial_finish(void);

/* A byte that has come in, if one has. */
bool serial_poll(uint8_t *byte);
