/* SPDX-License-Identifier: MIT
 *
 * See advice.h. Does not compile when a status has no advice, or advice no status.
 */
#include "tools/docs/advice.h"

/* A status named twice here repeats an enumerator; a missing one changes the count. */
enum advised {
#define ADVISED(name, advice) ADVISED_##name = name,
    BOOT_ADVICE_LIST(ADVISED)
#undef ADVISED
};

#define COUNT_STATUS(code, name, text) +1
#define COUNT_ADVICE(name, advice)     +1
_Static_assert((0 BOOT_STATUS_LIST(COUNT_STATUS)) == (0 BOOT_ADVICE_LIST(COUNT_ADVICE)),
               "every status has advice");

const char *advice_text(enum boot_status status)
{
    switch (status) {
    case BOOT_OK:
        break;
#define ADVICE(name, advice)                                                                       \
    case name:                                                                                     \
        return advice;
        BOOT_ADVICE_LIST(ADVICE)
#undef ADVICE
    }
    return "";
}
