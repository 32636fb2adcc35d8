/* SPDX-License-Identifier: MIT
 *
 * See fail.h. Also puts the screen back to text, or nobody would read it.
 */
#include "stage2/bios/fail.h"

#include "stage2/bios/console.h"
#include "stage2/bios/cpu.h"
#include "stage2/bios/vbe.h"
#include "stage2/plan/detail.h"
#include "stage2/plan/reason.h"
#include "stage2/real/bios_call.h"

#define POST_PORT 0x80 /* a POST card shows what is written here */

void fail(enum boot_status status, const char *format, ...)
{
    port_write8(POST_PORT, (uint8_t)status);
    vbe_leave_graphics();
    console_say("%scoldstart: " DETAIL_ERROR, console_is_mid_line() ? "\n" : "", (unsigned)status,
                reason_text(status));
    if (format[0] != '\0') {
        va_list arguments;
        va_start(arguments, format);
        console_say(", ");
        console_say_list(format, arguments);
        va_end(arguments);
    }
    console_say("\n");
    real_give_up();
}
