/* SPDX-License-Identifier: MIT
 *
 * A C program's main, for a harness that knows bare_main: status 0 passes,
 * anything else, and abort, fails.
 */
#include <stdint.h>

#include "tests/bare/bare.h"
#include "tests/bare/libc/stdlib.h"

#define RANDOM_FACTOR   1103515245 /* of the generator that the C standard shows */
#define RANDOM_STEP     12345
#define RANDOM_SHIFT    16
#define MEMORY_BYTES    0x40000
#define BLOCK_ALIGNMENT 16

int main(void);

static unsigned random_state = 1;
static ALIGNED(BLOCK_ALIGNMENT) uint8_t memory[MEMORY_BYTES];
static size_t memory_used;

void bare_main(const char *pattern)
{
    (void)pattern;
    exit(main());
}

void exit(int status)
{
    bare_exit(status == EXIT_SUCCESS);
}

void abort(void)
{
    exit(EXIT_FAILURE);
}

/* Once given, never taken back; static memory is zero, as calloc wants it. */
void *malloc(size_t bytes)
{
    const size_t rest = sizeof(memory) - memory_used;
    if (bytes > rest)
        return NULL;
    void *const block = memory + memory_used;
    const size_t whole = (bytes + BLOCK_ALIGNMENT - 1) & ~(size_t)(BLOCK_ALIGNMENT - 1);
    memory_used += whole < rest ? whole : rest;
    return block;
}

void *calloc(size_t count, size_t bytes)
{
    return malloc(count * bytes);
}

void free(void *block)
{
    (void)block;
}

int abs(int value)
{
    return value < 0 ? -value : value;
}

int rand(void)
{
    random_state = random_state * RANDOM_FACTOR + RANDOM_STEP;
    return (int)(random_state >> RANDOM_SHIFT & RAND_MAX);
}

void srand(unsigned seed)
{
    random_state = seed;
}
