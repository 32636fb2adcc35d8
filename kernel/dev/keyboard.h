/* SPDX-License-Identifier: MIT
 *
 * The PS/2 keyboard, polled: US layout, letters, digits and signs. No LEDs, no
 * function keys; the firmware has set the keyboard up.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The character of a key that has gone down, if one has. */
bool keyboard_poll(uint8_t *character);

/* What a byte of scan code set 1 means; 0: no character. Keeps shift and the like. */
struct keyboard_state {
    bool shift, control, caps, extended;
};
uint8_t keyboard_decode(struct keyboard_state *state, uint8_t code);
