/* SPDX-License-Identifier: MIT
 *
 * The grid: cursor, new lines, scrolling. Keeps its own copy of every cell, so
 * that scrolling never reads video memory, which is slow on real machines, and
 * only draws the cells that change.
 */
#include "kernel/dev/screen.h"

#include "kernel/dev/screen_backends.h"
#include "kernel/dev/utf8_stream.h"
#include "kernel/log/console.h"

#define COLUMNS_MAX 240 /* a wider or higher screen is used in part */
#define ROWS_MAX    90
#define TAB_COLUMNS 8

static struct {
    struct screen_backend backend;
    struct utf8_stream input;
    unsigned column, row;               /* where the next character goes */
    unsigned cursor_column, cursor_row; /* where the cursor is shown */
    bool attached;
    uint16_t cells[ROWS_MAX][COLUMNS_MAX];
} screen;

static void put_cell(unsigned column, unsigned row, uint16_t cell)
{
    if (screen.cells[row][column] == cell)
        return;
    screen.cells[row][column] = cell;
    screen.backend.draw(column, row, cell);
}

static void scroll(void)
{
    const uint16_t blank = screen.backend.encode(' ');
    const unsigned last = screen.backend.rows - 1;
    for (unsigned row = 0; row < screen.backend.rows; row++) {
        for (unsigned column = 0; column < screen.backend.columns; column++)
            put_cell(column, row, row == last ? blank : screen.cells[row + 1][column]);
    }
}

static void new_line(void)
{
    if (screen.row + 1 < screen.backend.rows)
        screen.row++;
    else
        scroll();
}

static void put_character(uint32_t code_point)
{
    if (screen.column == screen.backend.columns) {
        screen.column = 0;
        new_line();
    }
    put_cell(screen.column, screen.row, screen.backend.encode(code_point));
    screen.column++;
}

static void take_code_point(uint32_t code_point)
{
    switch (code_point) {
    case '\n':
        new_line();
        return;
    case '\r':
        screen.column = 0;
        return;
    case '\b':
        if (screen.column > 0)
            screen.column--;
        return;
    case '\t':
        do
            put_character(' ');
        while (screen.column % TAB_COLUMNS != 0);
        return;
    default:
        if (code_point >= ' ')
            put_character(code_point);
        return;
    }
}

/* A full line keeps the cursor on its last cell: the line breaks with the next character. */
static void show_cursor(void)
{
    const unsigned last = screen.backend.columns - 1;
    const unsigned column = screen.column > last ? last : screen.column;
    screen.backend.draw(screen.cursor_column, screen.cursor_row,
                        screen.cells[screen.cursor_row][screen.cursor_column]);
    screen.backend.cursor(column, screen.row);
    screen.cursor_column = column;
    screen.cursor_row = screen.row;
}

static void screen_write(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        uint32_t code_point;
        if (utf8_stream_take(&screen.input, (uint8_t)text[i], &code_point))
            take_code_point(code_point);
    }
    show_cursor();
}

static struct console_sink screen_sink = { .name = "screen", .write = screen_write };

/* Keep what the loader wrote, or start with an empty screen. */
static void take_over(unsigned first_row)
{
    const uint16_t blank = screen.backend.encode(' ');
    for (unsigned row = 0; row < screen.backend.rows; row++) {
        for (unsigned column = 0; column < screen.backend.columns; column++) {
            const uint16_t cell =
                screen.backend.read != NULL ? screen.backend.read(column, row) : blank;
            screen.cells[row][column] = cell;
            if (screen.backend.read == NULL)
                screen.backend.draw(column, row, cell);
        }
    }
    screen.row = first_row < screen.backend.rows ? first_row : screen.backend.rows - 1;
    screen.column = 0;
}

bool screen_begin(const struct boot_video *video)
{
    if (screen.attached)
        return false;
    if (!screen_text_begin(video, &screen.backend) &&
        !screen_framebuffer_begin(video, &screen.backend))
        return false;
    if (screen.backend.columns > COLUMNS_MAX)
        screen.backend.columns = COLUMNS_MAX;
    if (screen.backend.rows > ROWS_MAX)
        screen.backend.rows = ROWS_MAX;
    take_over(video->kind == BOOT_VIDEO_TEXT ? video->cursor_row : 0);
    screen.attached = true;
    console_attach(&screen_sink);
    return true;
}

const struct screen_backend *screen_current(void)
{
    return screen.attached ? &screen.backend : NULL;
}

void screen_cursor(unsigned *column, unsigned *row)
{
    *column = screen.column;
    *row = screen.row;
}

bool screen_shows(unsigned column, unsigned row, uint32_t code_point)
{
    if (!screen.attached || column >= screen.backend.columns || row >= screen.backend.rows)
        return false;
    return screen.backend.shows(column, row, screen.backend.encode(code_point));
}
