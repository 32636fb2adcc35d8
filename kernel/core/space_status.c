/* SPDX-License-Identifier: MIT
 *
 * The statuses in words.
 */
#include "kernel/core/space_status.h"

const char *space_status_words(enum space_status status)
{
    switch (status) {
    case SPACE_OK:
        return "is done";
    case SPACE_E_ADDRESS:
        return "is no range of whole pages in one half of the address space";
    case SPACE_E_PAGE_ZERO:
        return "contains page 0: a null pointer would not fault";
    case SPACE_E_W_X:
        return "would be writable and executable";
    case SPACE_E_USER:
        return "would open the kernel's half to ring 3";
    case SPACE_E_MAPPED:
        return "is mapped already";
    case SPACE_E_NOT_MAPPED:
        return "is not all mapped";
    case SPACE_E_SHARED:
        return "is shared by all address spaces";
    case SPACE_E_NO_ROOM:
        return "needs a page table, and there is no memory for it";
    }
    return "?";
}
