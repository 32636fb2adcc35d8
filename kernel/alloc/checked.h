/* SPDX-License-Identifier: MIT
 *
 * A slab that trusts nobody: every block lies between two red zones, is filled
 * when it is given out and again when it is freed, stays out of use for a while
 * after that, and remembers who allocated and who freed it. What is found wrong
 * is a finding, not a crash: the caller decides.
 */
#pragma once

#include "base/poison.h"
#include "kernel/alloc/slab.h"

#define CHECKED_QUARANTINE_BLOCKS 128
#define CHECKED_QUARANTINE_BYTES  0x20000
#define CHECKED_ZONE_BYTES        16 /* at least, on either side */

enum checked_fault {
    CHECKED_OK = 0,
    CHECKED_FOREIGN,    /* freed: an address in no block of this heap */
    CHECKED_MIDDLE,     /* freed: an address in a block, but not its first */
    CHECKED_TWICE,      /* freed: a block that is free already */
    CHECKED_UNDERFLOW,  /* written in front of a block */
    CHECKED_OVERFLOW,   /* written behind a block */
    CHECKED_AFTER_FREE, /* written in a block that is free */
    CHECKED_RECORD,     /* the record in front of a block is no longer one */
};

/* What is wrong with which block. */
struct checked_finding {
    enum checked_fault fault;
    uintptr_t address; /* of the block's first byte; of a foreign free the address itself */
    size_t bytes;      /* as asked for */
    ptrdiff_t offset;  /* of the written byte or the freed address, from the block's first */
    uint8_t value;     /* of the written byte */
    uintptr_t allocated_by;
    uintptr_t freed_by; /* 0: it is not free */
};

/* In front of each block. */
struct checked_record {
    struct checked_record *next; /* of the live blocks, or of those in quarantine */
    struct checked_record *previous;
    size_t bytes;  /* as asked for */
    size_t offset; /* from this to the block */
    uintptr_t allocated_by;
    uintptr_t freed_by;
    size_t mark; /* says that this is a record, and of what */
};

/* A ring of records, newest first. */
struct checked_ring {
    struct checked_record ends;
    size_t blocks;
    size_t bytes; /* as asked for */
};

struct checked {
    struct slab *slab;
    struct checked_ring live;
    struct checked_ring quarantine;
    size_t blocks_most;
    size_t bytes_most;
    size_t allocations;
};

/* Begin without a block. The slab is used through this only. */
void checked_begin(struct checked *checked, struct slab *slab);

/*
 * As slab_allocate; `by` is remembered. What the quarantine holds is given up
 * before NULL is; what that finds goes to *finding, whose fault is set always.
 */
MUST_CHECK void *checked_allocate(struct checked *checked, size_t bytes, size_t alignment,
                                  uintptr_t by, struct checked_finding *finding);

/*
 * Into the quarantine. CHECKED_OK, or the fault that *finding then tells: of this
 * block, which then stays as it is, or of one that had to leave the quarantine.
 */
MUST_CHECK enum checked_fault checked_free(struct checked *checked, void *block, uintptr_t by,
                                           struct checked_finding *finding);

/* The record of a live block that starts here; NULL: *finding tells why not. */
struct checked_record *checked_find(const struct checked *checked, const void *block,
                                    struct checked_finding *finding);

/* Look at the zones of all live blocks and at all of the quarantine: the first fault. */
MUST_CHECK enum checked_fault checked_check(const struct checked *checked,
                                            struct checked_finding *finding);

/* Give the quarantine back to the slab, after a last look. */
MUST_CHECK enum checked_fault checked_flush(struct checked *checked,
                                            struct checked_finding *finding);

/* The block behind a record. */
uint8_t *checked_block(const struct checked_record *record);

/* A fault in words that follow "the block". */
const char *checked_words(enum checked_fault fault);
