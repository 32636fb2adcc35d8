/* SPDX-License-Identifier: MIT
 *
 * See reason.h. The table is made from the one list; nothing is worded here.
 */
#include "stage2/plan/reason.h"

#include "base/compiler.h"

struct reason {
    enum boot_status status;
    const char *text;
};

static const struct reason reasons[] = {
#define REASON(code, name, sentence) { name, sentence },
    BOOT_STATUS_LIST(REASON)
#undef REASON
};

const char *reason_text(enum boot_status status)
{
    for (unsigned i = 0; i < ARRAY_COUNT(reasons); i++) {
        if (reasons[i].status == status)
            return reasons[i].text;
    }
    return "an error without a name";
}
