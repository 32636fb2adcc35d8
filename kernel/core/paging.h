/* SPDX-License-Identifier: MIT
 *
 * Builds x86-64 four-level page tables, page by largest page, through a port
 * that hands out table memory. Never a page that is both writable and
 * executable, never page 0, never a page twice. Does not load them.
 *
 * Spec: Intel SDM volume 3A, section 4.5 "4-level paging".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "boot/status.h"

/* What a mapping allows besides reading; both together are refused. */
#define PAGING_WRITE   1U
#define PAGING_EXECUTE 2U

/*
 * allocate  a zeroed 4 KiB table: its physical address, or 0 when there is none
 * at        where the table at a physical address can be reached
 */
struct paging_port {
    uint64_t (*allocate)(void *context);
    uint64_t *(*at)(void *context, uint64_t phys);
    void *context;
};

/* What the CPU can do. */
struct paging_abilities {
    bool no_execute; /* EFER.NXE may be set */
    bool pages_1g;   /* 1 GiB pages */
};

struct paging {
    struct paging_port port;
    struct paging_abilities abilities;
    uint64_t root_phys; /* the PML4 */
};

/* Start an empty set of tables. BOOT_E_NO_ROOM: the port has no page. */
enum boot_status paging_begin(const struct paging_port *port, struct paging_abilities abilities,
                              struct paging *paging);

/*
 * Map `bytes` from virt to phys with the largest pages that fit. On a failure
 * the part before the guilty page stays mapped: the tables are of no use.
 */
enum boot_status paging_map(struct paging *paging, uint64_t virt, uint64_t phys, uint64_t bytes,
                            unsigned access);
