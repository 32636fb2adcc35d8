/* SPDX-License-Identifier: MIT
 *
 * See console.h. Formatting is kernel/core's; the bytes travel through
 * bios_print, which knows where they go.
 */
#include "stage2/bios/console.h"

#include "kernel/core/format.h"
#include "kernel/core/string.h"
#include "stage2/real/bios_call.h"

static bool mid_line;

struct gathered {
    char text[EXCHANGE_TEXT_BYTES];
    uint32_t bytes;
};

static void send(struct gathered *gathered)
{
    if (gathered->bytes == 0)
        return;
    mid_line = gathered->text[gathered->bytes - 1] != '\n';
    bios_print(gathered->text, gathered->bytes);
    gathered->bytes = 0;
}

static void gather(void *context, const char *text, size_t bytes)
{
    struct gathered *gathered = context;
    while (bytes != 0) {
        const size_t room = sizeof(gathered->text) - gathered->bytes;
        const size_t piece = bytes < room ? bytes : room;
        memcpy(gathered->text + gathered->bytes, text, piece);
        gathered->bytes += (uint32_t)piece;
        text += piece;
        bytes -= piece;
        if (piece == room)
            send(gathered);
    }
}

void console_say_list(const char *format, va_list arguments)
{
    struct gathered gathered;
    gathered.bytes = 0;
    format_list(&(struct format_sink){ gather, &gathered }, format, arguments);
    send(&gathered);
}

void console_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    console_say_list(format, arguments);
    va_end(arguments);
}

bool console_is_mid_line(void)
{
    return mid_line;
}
