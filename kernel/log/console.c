/* SPDX-License-Identifier: MIT
 *
 * Sends the console's text to its sinks. There is one CPU and interrupts are
 * off, so nothing here is locked.
 */
#include "kernel/log/console.h"

#include "kernel/core/format.h"

#define BATCH_BYTES 128

static struct console_sink *sinks;

void console_attach(struct console_sink *sink)
{
    for (const struct console_sink *other = sinks; other != NULL; other = other->next) {
        if (other == sink)
            return;
    }
    sink->next = sinks;
    sinks = sink;
}

const struct console_sink *console_sinks(void)
{
    return sinks;
}

/* Text on its way: devices are slow to start, so they get it in pieces of some length. */
struct batch {
    char text[BATCH_BYTES];
    size_t used;
};

static void batch_send(struct batch *batch)
{
    for (const struct console_sink *sink = sinks; sink != NULL && batch->used > 0;
         sink = sink->next)
        sink->write(batch->text, batch->used);
    batch->used = 0;
}

static void batch_put(struct batch *batch, char c)
{
    if (batch->used == sizeof(batch->text))
        batch_send(batch);
    batch->text[batch->used++] = c;
}

/* A sink of the formatter. */
static void batch_write(void *context, const char *text, size_t bytes)
{
    struct batch *batch = context;
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '\n')
            batch_put(batch, '\r');
        batch_put(batch, text[i]);
    }
}

void kprintf_list(const char *format, va_list arguments)
{
    struct batch batch = { .used = 0 };
    const struct format_sink sink = { .write = batch_write, .context = &batch };
    format_list(&sink, format, arguments);
    batch_send(&batch);
}

void kprintf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    kprintf_list(format, arguments);
    va_end(arguments);
}
