/* SPDX-License-Identifier: MIT
 *
 * VGA text mode: cells are written as they are shown, a code of page 437 and
 * its colours. The mode itself is the loader's.
 * Spec: include/hw/vga.h.
 */
#include "hw/vga.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/ports.h"
#include "kernel/dev/cp437.h"
#include "kernel/dev/screen_backends.h"

static volatile uint16_t *text_cells;
static unsigned text_columns;

static uint16_t text_encode(uint32_t code_point)
{
    return (uint16_t)(VGA_LIGHT_GREY << VGA_COLOUR_SHIFT | cp437_encode(code_point));
}

static void text_draw(unsigned column, unsigned row, uint16_t cell)
{
    text_cells[row * text_columns + column] = cell;
}

static uint16_t text_read(unsigned column, unsigned row)
{
    return text_cells[row * text_columns + column];
}

static bool text_shows(unsigned column, unsigned row, uint16_t cell)
{
    return text_read(column, row) == cell;
}

static void text_cursor(unsigned column, unsigned row)
{
    const unsigned position = row * text_columns + column;
    port_write8(VGA_CRTC_INDEX, VGA_CRTC_CURSOR_HIGH);
    port_write8(VGA_CRTC_DATA, (uint8_t)(position >> 8));
    port_write8(VGA_CRTC_INDEX, VGA_CRTC_CURSOR_LOW);
    port_write8(VGA_CRTC_DATA, (uint8_t)position);
}

/*
 * Does anything hold what is written there? Without a VGA nothing does, nor with
 * one that no BIOS woke up: so it is in Bochs with SeaBIOS.
 */
static bool cell_holds(volatile uint16_t *cell)
{
    const uint16_t before = *cell;
    const uint16_t other = (uint16_t)~before;
    *cell = other;
    const bool holds = *cell == other;
    *cell = before;
    return holds;
}

bool screen_text_begin(const struct boot_video *video, struct screen_backend *backend)
{
    if (video->kind != BOOT_VIDEO_TEXT || video->width == 0 || video->height == 0)
        return false;
    if (video->height > VGA_TEXT_BYTES / sizeof(uint16_t) / video->width)
        return false;
    const struct page_tables tables = page_tables_current();
    void *const at = direct_map_at(video->phys);
    if (!page_walk_covers(&tables, (uint64_t)at,
                          (uint64_t)video->width * video->height * sizeof(uint16_t), true))
        return false;
    if (!cell_holds(at))
        return false;
    text_cells = at;
    text_columns = video->width;
    *backend = (struct screen_backend){
        .name = "VGA text",
        .columns = video->width,
        .rows = video->height,
        .encode = text_encode,
        .draw = text_draw,
        .shows = text_shows,
        .read = text_read,
        .cursor = text_cursor,
    };
    return true;
}
