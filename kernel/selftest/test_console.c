/* SPDX-License-Identifier: MIT
 *
 * Tests of the console: what is printed must stand on the screen, read back
 * from the hardware. Also of the parts that need none: UTF-8, code page, font,
 * keyboard.
 */
#include "hw/i8042.h"
#include "kernel/core/string.h"
#include "kernel/dev/cp437.h"
#include "kernel/dev/font.h"
#include "kernel/dev/keyboard.h"
#include "kernel/dev/screen.h"
#include "kernel/dev/utf8_stream.h"
#include "kernel/log/console.h"
#include "kernel/selftest/selftest.h"

#define MANY_LINES 200

static bool no_screen(void)
{
    if (screen_current() == NULL)
        CLAIM_SKIP("there is no screen");
    return screen_current() == NULL;
}

SELFTEST(console_simple, "console.simple")
{
    kprintf("# one line\n");
}

/* More lines than a screen has: it must scroll, and stay within itself. */
SELFTEST(console_many, "console.many")
{
    unsigned column, row;
    if (no_screen())
        return;
    for (unsigned i = 0; i < MANY_LINES; i++)
        kprintf("# line %u of many\n", i);
    screen_cursor(&column, &row);
    CLAIM_EQUAL(column, 0);
    CLAIM_EQUAL(row, screen_current()->rows - 1);
}

/* The line is on the hardware, character by character, where the cursor was. */
SELFTEST(console_output, "console.output")
{
    static const char line[] = "# Some test string that fits on a single line";
    unsigned column, row;
    if (no_screen())
        return;
    kprintf("%s\n", line);
    screen_cursor(&column, &row);
    for (unsigned i = 0; i < sizeof(line) - 1; i++)
        CLAIM(screen_shows(i, row - 1, (uint8_t)line[i]));
    CLAIM(screen_shows(sizeof(line), row - 1, ' '));
}

SELFTEST(console_scrolls, "console.scrolls")
{
    unsigned column, row;
    if (no_screen())
        return;
    kprintf("# A\n# B\n# C\n");
    screen_cursor(&column, &row);
    CLAIM(screen_shows(2, row - 1, 'C'));
    CLAIM(screen_shows(2, row - 2, 'B'));
    CLAIM(screen_shows(2, row - 3, 'A'));
}

SELFTEST(console_beyond_ascii, "console.beyond-ascii")
{
    unsigned column, row;
    if (no_screen())
        return;
    kprintf("# \xC3\xA9\xE2\x95\x90\n"); /* e acute, double horizontal line */
    screen_cursor(&column, &row);
    CLAIM(screen_shows(2, row - 1, 0xE9));
    CLAIM(screen_shows(3, row - 1, 0x2550));
}

static uint32_t decode(const char *text)
{
    struct utf8_stream stream = { .have = 0 };
    uint32_t code_point = 0;
    for (; *text != '\0'; text++) {
        if (utf8_stream_take(&stream, (uint8_t)*text, &code_point))
            return code_point;
    }
    return 0;
}

SELFTEST(console_utf8, "console.utf-8")
{
    CLAIM_EQUAL(decode("A"), 'A');
    CLAIM_EQUAL(decode("\xC3\xA9"), 0xE9);
    CLAIM_EQUAL(decode("\xE2\x95\x90"), 0x2550);
    CLAIM_EQUAL(decode("\xFF"), UTF8_REPLACEMENT);
    CLAIM_EQUAL(decode("\x80"), UTF8_REPLACEMENT);
    CLAIM_EQUAL(decode("\xC0\x80"), UTF8_REPLACEMENT);
    CLAIM_EQUAL(decode("\xC3"), 0);
}

SELFTEST(console_cp437, "console.code-page")
{
    CLAIM_EQUAL(cp437_encode('A'), 'A');
    CLAIM_EQUAL(cp437_encode(0xE9), 0x82);
    CLAIM_EQUAL(cp437_encode(0x2550), 0xCD);
    CLAIM_EQUAL(cp437_encode(0x4E2D), CP437_REPLACEMENT);
}

SELFTEST(console_font, "console.font")
{
    for (uint32_t c = '!'; c <= '~'; c++)
        CLAIM(font_glyph(c) != font_glyph(UTF8_REPLACEMENT));
    CLAIM_EQUAL(font_glyph(0x4E2D), font_glyph(UTF8_REPLACEMENT));
    const uint8_t *blank = font_rows(font_glyph(' '));
    for (unsigned y = 0; y < FONT_HEIGHT; y++)
        CLAIM_EQUAL(blank[y], 0);
}

SELFTEST(console_keyboard, "console.keyboard")
{
    struct keyboard_state state = { .shift = false };
    const uint8_t key_a = 0x1E;
    CLAIM_EQUAL(keyboard_decode(&state, key_a), 'a');
    CLAIM_EQUAL(keyboard_decode(&state, key_a | SCANCODE_RELEASED), 0);
    CLAIM_EQUAL(keyboard_decode(&state, SCANCODE_SHIFT_LEFT), 0);
    CLAIM_EQUAL(keyboard_decode(&state, key_a), 'A');
    keyboard_decode(&state, SCANCODE_SHIFT_LEFT | SCANCODE_RELEASED);
    keyboard_decode(&state, SCANCODE_CAPS_LOCK);
    CLAIM_EQUAL(keyboard_decode(&state, key_a), 'A');
    CLAIM_EQUAL(keyboard_decode(&state, SCANCODE_EXTENDED), 0);
    CLAIM_EQUAL(keyboard_decode(&state, 0x48), 0);
    CLAIM_EQUAL(keyboard_decode(&state, 0x7F), 0);
    keyboard_decode(&state, SCANCODE_EXTENDED);
    CLAIM_EQUAL(keyboard_decode(&state, SCANCODE_ENTER), '\n');
}
