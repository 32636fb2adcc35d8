/* SPDX-License-Identifier: MIT
 *
 * See report.h. The loader's formatter is printf's in all that it has.
 */
#include "tools/image/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "stage2/plan/detail.h"
#include "stage2/plan/reason.h"

bool report_fine(struct check_report *report)
{
    *report = (struct check_report){ .status = BOOT_OK };
    return true;
}

bool report_refuse(struct check_report *report, enum boot_status status, const char *format, ...)
{
    va_list arguments;

    report->status = status;
    va_start(arguments, format);
    vsnprintf(report->text, sizeof(report->text), format, arguments);
    va_end(arguments);
    return false;
}

void check_line(const struct check_report *report, char *line, size_t room)
{
    const int bytes =
        snprintf(line, room, DETAIL_ERROR, (unsigned)report->status, reason_text(report->status));
    if (bytes > 0 && (size_t)bytes < room && report->text[0] != '\0')
        snprintf(line + bytes, room - (size_t)bytes, ", %s", report->text);
}
