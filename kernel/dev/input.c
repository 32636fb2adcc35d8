/* SPDX-License-Identifier: MIT
 *
 * Merges the two sources of characters. Never waits.
 */
#include "kernel/dev/input.h"

#include "kernel/dev/keyboard.h"
#include "kernel/dev/serial.h"

#define ASCII_DELETE 0x7F /* what terminals send for the backspace key */

bool input_poll(uint8_t *character)
{
    if (keyboard_poll(character))
        return true;
    if (!serial_poll(character))
        return false;
    if (*character == '\r')
        *character = '\n';
    if (*character == ASCII_DELETE)
        *character = '\b';
    return true;
}
