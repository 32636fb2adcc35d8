/* SPDX-License-Identifier: MIT
 *
 * Text goes into the rows that the BIOS set up. A framebuffer has pixels only, and
 * no letters: it becomes a slope from black to each colour.
 */
#include "screen.h"

#include <coldstart/boot_info.h>

#define TEXT_COLOUR 0x0700 /* grey on black, in the upper byte of each cell */

static volatile uint16_t *cells; /* NULL: there is no text */
static unsigned columns, rows, row, column;

static void new_row(void)
{
    column = 0;
    if (++row < rows)
        return;
    row = rows - 1;
    for (unsigned i = 0; i < row * columns; i++)
        cells[i] = cells[i + columns];
    for (unsigned i = row * columns; i < rows * columns; i++)
        cells[i] = TEXT_COLOUR | ' ';
}

void screen_put(char letter)
{
    if (cells == NULL)
        return;
    if (letter == '\n' || column == columns)
        new_row();
    if (letter != '\n')
        cells[row * columns + column++] = TEXT_COLOUR | (uint8_t)letter;
}

/* 0..255 as a colour of so many bits, at its place in the pixel. */
static uint32_t colour(uint32_t light, uint8_t bits, uint8_t shift)
{
    return light >> (8 - bits) << shift;
}

/* Three bands, red, green and blue, each darker to the left. */
static void paint(const struct boot_video *video, volatile uint8_t *pixels)
{
    const unsigned pixel_bytes = video->bits_per_pixel / 8;

    for (unsigned y = 0; y < video->height; y++) {
        const unsigned band = y * 3 / video->height;
        for (unsigned x = 0; x < video->width; x++) {
            const uint32_t light = x * 255 / video->width;
            uint32_t pixel = band == 0   ? colour(light, video->red_bits, video->red_shift)
                             : band == 1 ? colour(light, video->green_bits, video->green_shift)
                                         : colour(light, video->blue_bits, video->blue_shift);
            for (unsigned i = 0; i < pixel_bytes; i++, pixel >>= 8)
                pixels[(uint64_t)y * video->pitch + x * pixel_bytes + i] = (uint8_t)pixel;
        }
    }
}

void screen_start(const struct boot_info *boot)
{
    const struct boot_video *const video = &boot->video;
    const uint64_t address = boot->direct_map_base + video->phys;

    if (video->kind == BOOT_VIDEO_FRAMEBUFFER) {
        paint(video, (volatile uint8_t *)address);
        return;
    }
    cells = (volatile uint16_t *)address;
    columns = video->width;
    rows = video->height;
    row = video->cursor_row < rows ? video->cursor_row : rows - 1;
}
