/* SPDX-License-Identifier: MIT
 *
 * Why a disk is left as it is, in two parts: what stands in the way, and what its owner can do
 * about it. Prints nothing.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

#define REFUSAL_WHAT_BYTES   512
#define REFUSAL_ADVICE_BYTES 1024

struct refusal {
    char what[REFUSAL_WHAT_BYTES];     /* one sentence, without a full stop */
    char advice[REFUSAL_ADVICE_BYTES]; /* lines, or empty */
};

/* Fill in `what`, empty the advice. Always false, so that a judge can return it. */
bool refuse(struct refusal *refusal, const char *format, ...) PRINTF_LIKE(2, 3);

/* Add a line of advice. Always false. */
bool advise(struct refusal *refusal, const char *format, ...) PRINTF_LIKE(2, 3);
