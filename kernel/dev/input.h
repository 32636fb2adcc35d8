/* SPDX-License-Identifier: MIT
 *
 * What the user types, wherever: serial port or keyboard.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One character, if there is one. A line's end is '\n' on both. */
bool input_poll(uint8_t *character);
