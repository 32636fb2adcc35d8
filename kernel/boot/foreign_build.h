/* SPDX-License-Identifier: MIT
 *
 * The parts of building a hand-off inside the kernel, and what they share. Only
 * for the files of that step; the rest of the kernel sees boot_info.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"
#include "base/range.h"
#include "boot/boot_info.h"
#include "hw/paging.h"
#include "kernel/core/memory_map.h"
#include "kernel/core/page_table.h"
#include "kernel/foreign/facts.h"

/* The first stack lies where our own loader puts it: a hole on each side. */
#define FOREIGN_STACK     (BOOT_HANDOFF_BASE + 2ULL * PAGE_BYTES)
#define FOREIGN_STACK_END (FOREIGN_STACK + BOOT_STACK_BYTES)

#define FOREIGN_SEGMENTS 7 /* of kernel.ld */

struct foreign_build {
    struct foreign_facts facts;
    struct memory_map map;
    struct boot_module modules[FOREIGN_MODULES_MAX]; /* without names */
    struct boot_video video;
    struct page_table page_table;
    uint64_t direct_map_last;
};

/* Say why the kernel cannot start, on every console there is, and halt. */
NORETURN void foreign_refuse(const char *format, ...) PRINTF_LIKE(1, 2);

/*
 * The lowest free run of `bytes` between 1 MiB and 4 GiB, as whole pages, marked
 * as `type`; its contents are whatever was there. Refuses to start when there is
 * none; `what` is for that sentence.
 */
uint64_t foreign_take(struct foreign_build *build, uint64_t bytes, enum boot_memory_type type,
                      const char *what);

/* Give memory a type; refuses to start when the map is full. */
void foreign_mark(struct foreign_build *build, struct phys_range where, enum boot_memory_type type);

/* Modules as the protocol wants them: on pages, with a zero byte behind. */
void foreign_settle_modules(struct foreign_build *build);

/* The segments of the kernel as it lies; returns FOREIGN_SEGMENTS. */
uint32_t foreign_segments(struct boot_segment segments[FOREIGN_SEGMENTS]);

/* The page tables of boot protocol 1, not loaded yet. */
void foreign_build_space(struct foreign_build *build);

/* boot_info and its lists; its physical address. Called last: it tells of memory. */
uint64_t foreign_build_info(struct foreign_build *build);
