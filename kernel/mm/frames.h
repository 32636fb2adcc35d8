/* SPDX-License-Identifier: MIT
 *
 * Physical memory: frames of 4 KiB, handed out in blocks and ranges over the
 * boot map. Only what the map calls usable is ever free; all other RAM counts as
 * reserved until frames_reclaim. Page 0 is nobody's: address 0 means "none".
 *
 * One CPU, no interrupts: there is no lock yet.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "boot/boot_info.h"
#include "kernel/alloc/buddy.h"

#define FRAME_BYTES     BUDDY_FRAME_BYTES
#define FRAME_ORDER_MAX BUDDY_ORDER_MAX /* the largest block: FRAME_BYTES << FRAME_ORDER_MAX */

enum frames_limit {
    FRAMES_BELOW_1M = BUDDY_ZONE_1M,
    FRAMES_BELOW_16M = BUDDY_ZONE_16M,
    FRAMES_BELOW_4G = BUDDY_ZONE_4G,
    FRAMES_ANY = BUDDY_ZONE_HIGH,
};

/* Once, with the map of the hand-off, which is copied. Panics when no usable range has room for it. */
void frames_begin(const struct boot_memory_range *ranges, uint32_t count);

/* 2^order frames: their physical address, aligned to their length; 0: there are none. */
MUST_CHECK uint64_t frames_allocate(unsigned order, enum frames_limit limit);

/* One frame, filled with zeros; 0: there is none. */
MUST_CHECK uint64_t frames_allocate_zeroed(enum frames_limit limit);

/* 0: nothing. Panics unless it is what frames_allocate gave, with the same order. */
void frames_free(uint64_t phys, unsigned order);

/* Any number of frames in a row; alignment_bytes: a power of two, anything up to a frame is one. */
MUST_CHECK uint64_t frames_allocate_range(uint64_t frames, uint64_t alignment_bytes,
                                          enum frames_limit limit);

/* 0: nothing. Panics unless it is what frames_allocate_range gave, with the same number. */
void frames_free_range(uint64_t phys, uint64_t frames);

/* The same without the panic: for those who ask. */
MUST_CHECK enum buddy_status frames_try_free(uint64_t phys, unsigned order);
MUST_CHECK enum buddy_status frames_try_free_range(uint64_t phys, uint64_t frames);

/* All memory of one type is free from now on: nobody reads it any more. */
void frames_reclaim(enum boot_memory_type type);

/*
 * Checked: freed frames are filled with POISON_FRAME_FREED, and are looked at before
 * they are handed out again; a byte that changed is a panic.
 */
void frames_set_checked(bool wanted);
bool frames_checked(void);

struct frames_zone {
    uint64_t free, used; /* frames */
    int largest;         /* order of the largest free block; -1: nothing is free */
};

struct frames_account {
    uint64_t total; /* RAM in the map, in frames; always free + used + reserved */
    uint64_t free;
    uint64_t used;      /* handed out */
    uint64_t reserved;  /* the rest: the kernel, modules, firmware, page 0, our own table */
    uint64_t table;     /* of these: the allocator's own table */
    uint64_t reclaimed; /* given free by frames_reclaim */
    struct frames_zone zones[BUDDY_ZONES];
};

void frames_account(struct frames_account *account);

/* Audit of the allocator and its account: what is wrong, as a sentence, or NULL. */
const char *frames_check(void);
