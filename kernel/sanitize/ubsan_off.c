/* SPDX-License-Identifier: MIT
 *
 * Linked where the kernel's C is not checked for undefined behaviour.
 */
#include "kernel/sanitize/ubsan.h"

const bool ubsan_is_on = false;
