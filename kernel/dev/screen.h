/* SPDX-License-Identifier: MIT
 *
 * The screen as a console: a grid of cells that scrolls, on whatever can draw
 * a cell. Takes UTF-8; a character the screen cannot draw shows as its
 * replacement. Knows no escape sequences, so that all consoles get plain text.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "boot/boot_info.h"

/*
 * What can draw. A cell is the backend's own number for a character.
 * encode   the cell for a code point, or for the replacement
 * draw     show a cell
 * shows    whether the hardware really shows this cell there
 * read     the cell that is there now, from before; NULL where nobody can tell
 * cursor   show the cursor at a cell, once that has been drawn
 */
struct screen_backend {
    const char *name;
    unsigned columns, rows;
    uint16_t (*encode)(uint32_t code_point);
    void (*draw)(unsigned column, unsigned row, uint16_t cell);
    bool (*shows)(unsigned column, unsigned row, uint16_t cell);
    uint16_t (*read)(unsigned column, unsigned row);
    void (*cursor)(unsigned column, unsigned row);
};

/*
 * Take the screen that the loader chose and attach it to the console. False:
 * it is not one we can draw on, or its memory is not mapped; nothing is
 * attached then.
 */
bool screen_begin(const struct boot_video *video);

/* The backend in use, or NULL. */
const struct screen_backend *screen_current(void);

/* Where the next character goes. */
void screen_cursor(unsigned *column, unsigned *row);

/* Whether the hardware shows this character there. */
bool screen_shows(unsigned column, unsigned row, uint32_t code_point);
