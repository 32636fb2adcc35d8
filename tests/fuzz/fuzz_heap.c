/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a program for each allocator: see heap_model.h.
 * Input: the kind (1 byte), then the program's steps.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/heap_model.h"

#define PROGRAM_MOST 1024 /* bytes: longer ones only take longer */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > PROGRAM_MOST)
        return 0;
    const char *const wrong = heap_model_run(data[0] % HEAP_MODEL_KINDS, data + 1, size - 1);
    if (wrong != NULL) {
        fprintf(stderr, "not true that %s\n", wrong);
        abort();
    }
    return 0;
}
