/* SPDX-License-Identifier: MIT
 *
 * See refusal.h.
 */
#include "tools/disk/refusal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool refuse(struct refusal *refusal, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    vsnprintf(refusal->what, sizeof(refusal->what), format, values);
    va_end(values);
    refusal->advice[0] = '\0';
    return false;
}

bool advise(struct refusal *refusal, const char *format, ...)
{
    size_t used = strlen(refusal->advice);
    va_list values;

    if (used != 0 && used + 1 < sizeof(refusal->advice))
        refusal->advice[used++] = '\n';
    va_start(values, format);
    vsnprintf(refusal->advice + used, sizeof(refusal->advice) - used, format, values);
    va_end(values);
    return false;
}
