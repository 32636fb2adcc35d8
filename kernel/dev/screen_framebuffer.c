/* SPDX-License-Identifier: MIT
 *
 * A linear framebuffer of direct colours, with the built-in font. Never reads
 * the framebuffer but for a test: it may not be cached.
 */
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/dev/font.h"
#include "kernel/dev/screen_backends.h"

#define PIXEL_BYTES_MIN 2
#define PIXEL_BYTES_MAX 4
#define INK_LEVEL       0xD0U /* of each colour, out of FFh: light grey */
#define LEVEL_BITS      8
#define CURSOR_ROWS     2 /* an underline, at the foot of its cell */

static struct {
    volatile uint8_t *pixels;
    unsigned pitch;       /* bytes from row to row */
    unsigned pixel_bytes; /* bytes of a pixel */
    uint32_t ink;         /* a pixel that is set; paper is 0 */
} frame;

static uint32_t colour_part(uint8_t shift, uint8_t bits)
{
    const uint32_t level =
        bits <= LEVEL_BITS ? INK_LEVEL >> (LEVEL_BITS - bits) : INK_LEVEL << (bits - LEVEL_BITS);
    return level << shift;
}

static volatile uint8_t *pixel_row(unsigned column, unsigned row, unsigned y)
{
    return frame.pixels + (uint64_t)(row * FONT_HEIGHT + y) * frame.pitch +
           (uint64_t)column * FONT_WIDTH * frame.pixel_bytes;
}

static void write_pixel(volatile uint8_t *at, uint32_t value)
{
    switch (frame.pixel_bytes) {
    case 4:
        *(volatile uint32_t *)at = value;
        return;
    case 2:
        *(volatile uint16_t *)at = (uint16_t)value;
        return;
    default:
        at[0] = (uint8_t)value;
        at[1] = (uint8_t)(value >> 8);
        at[2] = (uint8_t)(value >> 16);
        return;
    }
}

static uint32_t read_pixel(const volatile uint8_t *at)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < frame.pixel_bytes; i++)
        value |= (uint32_t)at[i] << (8 * i);
    return value;
}

/* The pixel x of a glyph's row: the leftmost is the top bit. */
static uint32_t row_pixel(uint8_t bits, unsigned x)
{
    return (bits >> (FONT_WIDTH - 1 - x) & 1) != 0 ? frame.ink : 0;
}

static void write_row(unsigned column, unsigned row, unsigned y, uint8_t bits)
{
    volatile uint8_t *at = pixel_row(column, row, y);
    for (unsigned x = 0; x < FONT_WIDTH; x++, at += frame.pixel_bytes)
        write_pixel(at, row_pixel(bits, x));
}

static uint16_t framebuffer_encode(uint32_t code_point)
{
    return font_glyph(code_point);
}

static void framebuffer_draw(unsigned column, unsigned row, uint16_t cell)
{
    const uint8_t *rows = font_rows(cell);
    for (unsigned y = 0; y < FONT_HEIGHT; y++)
        write_row(column, row, y, rows[y]);
}

static bool framebuffer_shows(unsigned column, unsigned row, uint16_t cell)
{
    const uint8_t *rows = font_rows(cell);
    for (unsigned y = 0; y < FONT_HEIGHT; y++) {
        const volatile uint8_t *at = pixel_row(column, row, y);
        for (unsigned x = 0; x < FONT_WIDTH; x++, at += frame.pixel_bytes) {
            if (read_pixel(at) != row_pixel(rows[y], x))
                return false;
        }
    }
    return true;
}

static void framebuffer_cursor(unsigned column, unsigned row)
{
    for (unsigned y = FONT_HEIGHT - CURSOR_ROWS; y < FONT_HEIGHT; y++)
        write_row(column, row, y, UINT8_MAX);
}

/* Does a row of pixels fit its pitch, and each colour its pixel? */
static bool geometry_is_sane(const struct boot_video *video, unsigned pixel_bytes)
{
    const unsigned pixel_bits = pixel_bytes * 8;
    return pixel_bytes >= PIXEL_BYTES_MIN && pixel_bytes <= PIXEL_BYTES_MAX &&
           video->width >= FONT_WIDTH && video->height >= FONT_HEIGHT &&
           video->pitch / pixel_bytes >= video->width &&
           video->red_shift + video->red_bits <= pixel_bits &&
           video->green_shift + video->green_bits <= pixel_bits &&
           video->blue_shift + video->blue_bits <= pixel_bits;
}

bool screen_framebuffer_begin(const struct boot_video *video, struct screen_backend *backend)
{
    const unsigned pixel_bytes = (video->bits_per_pixel + 7U) / 8U;
    if (video->kind != BOOT_VIDEO_FRAMEBUFFER || !geometry_is_sane(video, pixel_bytes))
        return false;
    const struct page_tables tables = page_tables_current();
    void *const at = direct_map_at(video->phys);
    if (!page_walk_covers(&tables, (uint64_t)at, (uint64_t)video->pitch * video->height, true))
        return false;
    frame.pixels = at;
    frame.pitch = video->pitch;
    frame.pixel_bytes = pixel_bytes;
    frame.ink = colour_part(video->red_shift, video->red_bits) |
                colour_part(video->green_shift, video->green_bits) |
                colour_part(video->blue_shift, video->blue_bits);
    *backend = (struct screen_backend){
        .name = "framebuffer",
        .columns = video->width / FONT_WIDTH,
        .rows = video->height / FONT_HEIGHT,
        .encode = framebuffer_encode,
        .draw = framebuffer_draw,
        .shows = framebuffer_shows,
        .read = NULL,
        .cursor = framebuffer_cursor,
    };
    return true;
}
