/* SPDX-License-Identifier: MIT
 *
 * See size.h.
 */
#include "tools/disk/size.h"

#include <inttypes.h>
#include <stdio.h>

#define UNIT_SHIFT 10
#define TENTHS     10

const char *size_text(uint64_t bytes, char text[SIZE_TEXT_BYTES])
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
    unsigned unit = 0;

    while ((bytes >> (UNIT_SHIFT * unit)) >> UNIT_SHIFT != 0)
        unit++;
    const uint64_t whole = bytes >> (UNIT_SHIFT * unit);
    const uint64_t rest = bytes - (whole << (UNIT_SHIFT * unit));
    const uint64_t tenths =
        unit == 0 ? 0 : ((rest >> (UNIT_SHIFT * (unit - 1))) * TENTHS) >> UNIT_SHIFT;
    if (tenths == 0)
        snprintf(text, SIZE_TEXT_BYTES, "%" PRIu64 " %s", whole, units[unit]);
    else
        snprintf(text, SIZE_TEXT_BYTES, "%" PRIu64 ".%" PRIu64 " %s", whole, tenths, units[unit]);
    return text;
}
