/* SPDX-License-Identifier: MIT
 *
 * See text.h. Spec: Unicode, C0 and C1 control codes; ECMA-48 gives both a meaning.
 */
#include "tools/disk/text.h"

#include <stdint.h>
#include <string.h>

#include "kernel/core/utf8.h"

#define C0_END   0x20
#define C1_FIRST 0x7F /* with DELETE before it */
#define C1_END   0xA0

static bool is_control(uint32_t code_point)
{
    return code_point < C0_END || (code_point >= C1_FIRST && code_point < C1_END);
}

void text_clean(char *text, bool keep_lines)
{
    const char *from = text;
    char *to = text;

    while (*from != '\0') {
        const char *const first = from;
        uint32_t code_point;
        if (!utf8_take(&from, &code_point)) {
            from++;
            *to++ = '?';
        } else if (is_control(code_point) && !(code_point == '\n' && keep_lines)) {
            *to++ = '?';
        } else {
            memmove(to, first, (size_t)(from - first));
            to += from - first;
        }
    }
    *to = '\0';
}
