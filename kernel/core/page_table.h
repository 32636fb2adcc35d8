/* SPDX-License-Identifier: MIT
 *
 * Page tables that live: map, unmap, protect and look up, with pages of 4 KiB,
 * 2 MiB and 1 GiB, in four or five levels. A large page is split when a part of
 * it changes; a table that becomes empty is given back. An operation that
 * fails changes nothing. Never a page that is both writable and executable,
 * never page 0, never a page twice.
 *
 * Does not load tables and does not know of TLBs: whoever does calls
 * page_table_release only when no CPU can still walk what was taken out.
 *
 * Spec: Intel SDM volume 3A, sections 4.5 and 4.10.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "hw/paging.h"
#include "kernel/core/space_status.h"

/* What a mapping allows besides reading; the first two together are refused. */
#define PAGING_WRITE   1U
#define PAGING_EXECUTE 2U
#define PAGING_USER    4U /* ring 3 may; in the lower half only */
#define PAGING_DEVICE  8U /* not cached: registers of a device */

/*
 * allocate  a zeroed 4 KiB table: its physical address, or 0 when there is none
 * release   takes such a table back; page_table_map never calls it
 * at        where the table at a physical address can be reached
 */
struct page_table_port {
    uint64_t (*allocate)(void *context);
    void (*release)(void *context, uint64_t phys);
    uint64_t *(*at)(void *context, uint64_t phys);
    void *context;
};

/* What the CPU can do. */
struct page_table_abilities {
    bool no_execute; /* EFER.NXE is set */
    bool pages_1g;   /* 1 GiB pages */
    bool global;     /* pages of the upper half may be PTE_G */
};

struct page_table {
    struct page_table_port port;
    struct page_table_abilities abilities;
    unsigned levels;    /* TABLE_LEVELS or TABLE_LEVELS_57 */
    uint64_t root_phys; /* the table CR3 leads to */
    uint64_t dead_phys; /* first of the tables taken out and not yet released; 0: none */
    bool shared; /* other roots have the same upper half: none of its entries comes or goes */
};

/* One page of any size. */
struct page_table_page {
    uint64_t virt;
    uint64_t phys;
    uint64_t bytes;
    unsigned access; /* PAGING_... */
};

/* Start an empty set of tables. SPACE_E_NO_ROOM: the port has none. */
MUST_CHECK enum space_status page_table_begin(const struct page_table_port *port,
                                              struct page_table_abilities abilities,
                                              unsigned levels, struct page_table *table);

/* Unmap all of the lower half and give back every table that is not shared. */
void page_table_end(struct page_table *table);

/* Let `table`, of as many levels and not shared, have the upper half of `from`. */
void page_table_share(struct page_table *table, const struct page_table *from);

/*
 * Map `bytes` from virt to phys with the largest pages that fit.
 *
 * SPACE_E_ADDRESS, SPACE_E_PAGE_ZERO, SPACE_E_W_X, SPACE_E_USER  the request
 * SPACE_E_MAPPED                                                 a part is taken
 * SPACE_E_SHARED, SPACE_E_NO_ROOM                                a table is missing
 */
MUST_CHECK enum space_status page_table_map(struct page_table *table, uint64_t virt, uint64_t phys,
                                            uint64_t bytes, unsigned access);

/* Unmap it. SPACE_E_NOT_MAPPED: a part of it is a hole. */
MUST_CHECK enum space_status page_table_unmap(struct page_table *table, uint64_t virt,
                                              uint64_t bytes);

/* Change what it allows. SPACE_E_NOT_MAPPED: a part of it is a hole. */
MUST_CHECK enum space_status page_table_protect(struct page_table *table, uint64_t virt,
                                                uint64_t bytes, unsigned access);

/* Give back the tables that were taken out since the last time. */
void page_table_release(struct page_table *table);

/* The page that contains virt; false: none does. */
MUST_CHECK bool page_table_find(const struct page_table *table, uint64_t virt,
                                struct page_table_page *page);

/* The lowest page that ends behind `from`; false: none does. Cost: the tables in between. */
MUST_CHECK bool page_table_next(const struct page_table *table, uint64_t from,
                                struct page_table_page *page);
