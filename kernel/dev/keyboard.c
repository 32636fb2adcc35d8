/* SPDX-License-Identifier: MIT
 *
 * Reads scan codes when the controller has one and turns them into ASCII.
 * Spec: include/hw/i8042.h; scan code set 1.
 */
#include "kernel/dev/keyboard.h"

#include "hw/i8042.h"
#include "kernel/arch/x86_64/ports.h"

#define CONTROL_MASK 0x1F /* Ctrl with a letter */

/* By scan code, from 0; 0 where a key has no character. */
static const char plain_keys[] =
    "\0\0331234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shift_keys[] =
    "\0\033!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";
_Static_assert(sizeof(plain_keys) == sizeof(shift_keys), "two faces of the same keys");

static struct keyboard_state keyboard;

static bool is_letter(uint8_t character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

/* Keys that change what others mean; true when it was one. */
static bool take_modifier(struct keyboard_state *state, uint8_t key, bool down)
{
    switch (key) {
    case SCANCODE_SHIFT_LEFT:
    case SCANCODE_SHIFT_RIGHT:
        state->shift = down;
        return true;
    case SCANCODE_CONTROL:
        state->control = down;
        return true;
    case SCANCODE_CAPS_LOCK:
        if (down)
            state->caps = !state->caps;
        return true;
    default:
        return false;
    }
}

uint8_t keyboard_decode(struct keyboard_state *state, uint8_t code)
{
    if (code == SCANCODE_EXTENDED) {
        state->extended = true;
        return 0;
    }
    const bool extended = state->extended;
    state->extended = false;
    const uint8_t key = code & (uint8_t)~SCANCODE_RELEASED;
    const bool down = (code & SCANCODE_RELEASED) == 0;
    /* An extended shift is part of a cursor key's code, not a shift. */
    if (extended && key != SCANCODE_CONTROL && key != SCANCODE_ENTER)
        return 0;
    if (take_modifier(state, key, down) || !down || key >= sizeof(plain_keys) - 1)
        return 0;
    const uint8_t plain = (uint8_t)plain_keys[key];
    const bool shifted = state->shift != (state->caps && is_letter(plain));
    const uint8_t character = shifted ? (uint8_t)shift_keys[key] : plain;
    return state->control && is_letter(character) ? character & CONTROL_MASK : character;
}

bool keyboard_poll(uint8_t *character)
{
    const uint8_t status = port_read8(I8042_STATUS);
    if (status == I8042_ABSENT || (status & I8042_STATUS_OUTPUT) == 0)
        return false;
    const uint8_t code = port_read8(I8042_DATA);
    if ((status & I8042_STATUS_AUX) != 0)
        return false;
    const uint8_t decoded = keyboard_decode(&keyboard, code);
    if (decoded == 0)
        return false;
    *character = decoded;
    return true;
}
