/* SPDX-License-Identifier: MIT
 *
 * Promises about this kernel's own image: the bytes of the file are where they
 * belong, everything else is zero, and relocations are done. The payload segment
 * is made by tests/vm/vmlib/probe_elf.py: sectors that are all different.
 */
#include "probe.h"

#define PAYLOAD_MAGIC  0x44414F4C59415043 /* "CPYALOAD" read as bytes */
#define SECTOR_WORDS   64
#define PATTERN_FACTOR 0x9E3779B97F4A7C15ull
#define ZEROED_WORDS   16384
#define DATA_PATTERN   0x0123456789ABCDEFull

/* The first sector of the payload; the pattern fills the others. */
struct probe_payload {
    uint64_t magic;
    uint64_t sectors; /* this one included */
    uint64_t seed;
    uint64_t reserved[SECTOR_WORDS - 3];
};
ASSERT_SIZE(struct probe_payload, 512);

SECTION(".payload")
USED const volatile struct probe_payload payload = { PAYLOAD_MAGIC, 1, 0, { 0 } };

static uint64_t zeroed[ZEROED_WORDS];
static volatile uint64_t data_word = DATA_PATTERN;
static uint64_t *const zeroed_pointer = &zeroed[1];
static const char *const volatile *volatile relocated_twice;
static const char *const volatile relocated = "relocated";

static bool bss_zero(const struct probe *probe)
{
    (void)probe;
    const volatile uint64_t *words = zeroed;
    for (size_t i = 0; i < ZEROED_WORDS; i++)
        if (words[i] != 0)
            return false;
    return true;
}

static bool data_writable(const struct probe *probe)
{
    (void)probe;
    if (data_word != DATA_PATTERN)
        return false;
    data_word = 0;
    return data_word == 0;
}

static bool pointers_relocated(const struct probe *probe)
{
    (void)probe;
    uint64_t *const volatile *pointer = &zeroed_pointer;
    relocated_twice = &relocated;
    return *pointer == &zeroed[1] && (*relocated_twice)[0] == 'r';
}

static bool payload_header(const struct probe *probe)
{
    (void)probe;
    return payload.magic == PAYLOAD_MAGIC && payload.sectors != 0;
}

/* Word 0 of sector s is seed + s; the others are the same in every sector. */
static bool payload_sectors(const struct probe *probe)
{
    (void)probe;
    const volatile uint64_t *words = (const volatile uint64_t *)&payload;
    for (uint64_t sector = 1; sector < payload.sectors; sector++) {
        words += SECTOR_WORDS;
        if (words[0] != payload.seed + sector)
            return false;
        uint64_t expected = payload.seed;
        for (size_t i = 1; i < SECTOR_WORDS; i++)
            if (words[i] != (expected += PATTERN_FACTOR))
                return false;
    }
    return true;
}

const struct probe_check image_checks[] = {
    { ".bss is zero", bss_zero },
    { ".data holds the file's bytes and is writable", data_writable },
    { "pointers in data are relocated", pointers_relocated },
    { "the payload's first sector is there", payload_header },
    { "every sector of the payload is there, in order", payload_sectors },
    { NULL, NULL },
};
