/* SPDX-License-Identifier: MIT
 *
 * The console: one stream of text to every device that has attached itself.
 * All get the same bytes; a new line goes out as CR LF. Knows no hardware.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/compiler.h"

/*
 * A device that shows text. It attaches itself and stays for ever.
 * write    shows `bytes` bytes of UTF-8; a character may be cut in two calls
 */
struct console_sink {
    const char *name;
    void (*write)(const char *text, size_t bytes);
    struct console_sink *next;
};

/* Attach a device; a second time changes nothing. */
void console_attach(struct console_sink *sink);

/* The attached sinks, newest first; NULL when there is none. */
const struct console_sink *console_sinks(void);

void kprintf(const char *format, ...) PRINTF_LIKE(1, 2);
void kprintf_list(const char *format, va_list arguments) PRINTF_LIKE(1, 0);
