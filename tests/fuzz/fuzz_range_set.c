/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a sequence of changes to a range set and searches for
 * gaps in it, against an array of truths.
 */
#include <stdlib.h>

#include "base/bytes.h"
#include "tests/fuzz/range_set_oracle.h"

#define HEADER_BYTES 9 /* the window's base, the capacity */
#define STEP_BYTES   4
#define STEPS_MOST   64
#define COUNT_MOST   16
#define SHIFT_MOST   7

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static struct oracle_step step_from(const uint8_t *bytes)
{
    const unsigned first = bytes[1] % ORACLE_NUMBERS;
    return (struct oracle_step){ .verb = (enum oracle_verb)(bytes[0] % ORACLE_VERBS),
                                 .first = first,
                                 .last = first + bytes[2] % (ORACLE_NUMBERS - first),
                                 .count = 1 + bytes[3] % COUNT_MOST,
                                 .alignment = 1U << bytes[3] / COUNT_MOST % SHIFT_MOST };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct oracle_step steps[STEPS_MOST];
    unsigned count = 0;
    if (bytes < HEADER_BYTES)
        return 0;
    uint64_t base = load_le64(data);
    const uint64_t base_last = UINT64_MAX - (ORACLE_NUMBERS - 1);
    if (base > base_last)
        base = base_last;
    const unsigned capacity = data[HEADER_BYTES - 1] % (ORACLE_CAPACITY + 1);
    for (size_t at = HEADER_BYTES; at + STEP_BYTES <= bytes && count < STEPS_MOST; at += STEP_BYTES)
        steps[count++] = step_from(data + at);
    if (range_set_oracle_check(steps, count, base, capacity) != NULL)
        abort();
    return 0;
}
