/* SPDX-License-Identifier: MIT
 *
 * Damages a sealed stage 2 in every way a disk or a BIOS does and checks that
 * its sums notice: a flipped bit, a zeroed, repeated, swapped or lost sector,
 * each for all sectors. What leaves the bytes as they were is no damage.
 *
 *   damage STAGE2_BIN
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/disk_layout.h"
#include "kernel/core/fletcher64.h"

#define WORD_BYTES    4
#define BITS_PER_WORD 32
#define ROOM          ((size_t)STAGE2_MAX_SECTORS * SECTOR_BYTES)

static uint8_t good[ROOM];
static uint8_t bad[ROOM];
static size_t sectors;
static unsigned long tried, missed;

static bool is_balanced(const uint8_t *bytes)
{
    struct fletcher64 sums = FLETCHER64_START;
    fletcher64_update(&sums, bytes, sectors * SECTOR_BYTES / WORD_BYTES);
    return sums.sum == FLETCHER64_BALANCED && sums.sum_of_sums == FLETCHER64_BALANCED;
}

static uint8_t *sector_of(uint8_t *bytes, size_t sector)
{
    return bytes + sector * SECTOR_BYTES;
}

/* The damage is done: must it be noticed, and is it? Then undo it. */
static void judge(const char *what, size_t i, size_t j)
{
    if (memcmp(good, bad, sectors * SECTOR_BYTES) != 0) {
        tried++;
        if (is_balanced(bad)) {
            missed++;
            printf("not noticed: %s %zu %zu\n", what, i, j);
        }
    }
    memcpy(bad, good, sizeof(bad));
}

static void damage_one(size_t i)
{
    for (size_t bit = 0; bit < BITS_PER_WORD; bit++) {
        const size_t byte = (i * WORD_BYTES + bit / 8) % SECTOR_BYTES;
        sector_of(bad, i)[byte] ^= (uint8_t)(1u << bit % 8);
        judge("bit flipped in sector", i, bit);
    }
    memset(sector_of(bad, i), 0, SECTOR_BYTES);
    judge("zeroed", i, 0);
    memset(sector_of(bad, i), 0xFF, SECTOR_BYTES);
    judge("all ones", i, 0);
    memset(sector_of(bad, i), 0, (sectors - i) * SECTOR_BYTES);
    judge("zeroed from here on", i, 0);
    memmove(sector_of(bad, i), sector_of(bad, i + 1), (sectors - i - 1) * SECTOR_BYTES);
    judge("lost, the rest moved up", i, 0);
    memmove(sector_of(bad, i) + SECTOR_BYTES, sector_of(bad, i), (sectors - i - 1) * SECTOR_BYTES);
    judge("doubled, the rest moved down", i, 0);
}

static void damage_two(size_t i, size_t j)
{
    memcpy(sector_of(bad, i), sector_of(good, j), SECTOR_BYTES);
    judge("overwritten by another", i, j);
    memcpy(sector_of(bad, i), sector_of(good, j), SECTOR_BYTES);
    memcpy(sector_of(bad, j), sector_of(good, i), SECTOR_BYTES);
    judge("swapped", i, j);
}

int main(int count, char **arguments)
{
    FILE *const file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (file == NULL) {
        fputs("usage: damage STAGE2_BIN\n", stderr);
        return EXIT_FAILURE;
    }
    sectors = fread(good, 1, ROOM, file) / SECTOR_BYTES;
    fclose(file);
    memcpy(bad, good, sizeof(bad));
    if (sectors == 0 || !is_balanced(good)) {
        puts("the sums of the file itself are wrong");
        return EXIT_FAILURE;
    }

    memset(bad, 0, sizeof(bad));
    judge("nothing but zeros", 0, 0);
    memset(bad, 0xFF, sizeof(bad));
    judge("nothing but ones", 0, 0);
    for (size_t i = 0; i < sectors; i++) {
        damage_one(i);
        for (size_t j = 0; j < sectors; j++)
            damage_two(i, j);
    }
    printf("%lu damages of %zu sectors, %lu not noticed\n", tried, sectors, missed);
    return missed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
