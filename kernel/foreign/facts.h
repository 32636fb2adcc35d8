/* SPDX-License-Identifier: MIT
 *
 * What another loader tells, copied out of its own structures, so that nothing
 * of them need be kept. Data only; judged by nobody yet but for its form.
 */
#pragma once

#include <stdint.h>

#include "boot/boot_info.h"
#include "hw/acpi.h"

#define FOREIGN_MEMORY_MAX    256 /* entries; as many as our own loader takes */
#define FOREIGN_MODULES_MAX   16
#define FOREIGN_NAME_BYTES    64 /* with the NUL; longer names are cut */
#define FOREIGN_COMMAND_BYTES 2048

/* One entry of its memory map. The numbers of the types are E820's. */
struct foreign_memory {
    uint64_t base;
    uint64_t length;
    uint32_t type;
};

struct foreign_module {
    uint64_t phys;
    uint64_t bytes;
    char name[FOREIGN_NAME_BYTES]; /* the first word of its text; may be empty */
};

struct foreign_facts {
    uint32_t memory_count;
    uint32_t module_count;
    uint64_t rsdp_phys;              /* where it says the root pointer is; 0: it does not */
    uint32_t rsdp_bytes;             /* of `rsdp`; 0: no copy was given */
    struct boot_video video;         /* kind 0: it does not say */
    uint8_t rsdp[RSDP_V2_BYTES];     /* the copy, checksums right */
    char loader[FOREIGN_NAME_BYTES]; /* its name; may be empty */
    char command_line[FOREIGN_COMMAND_BYTES]; /* may be empty */
    struct foreign_memory memory[FOREIGN_MEMORY_MAX];
    struct foreign_module modules[FOREIGN_MODULES_MAX];
};

/*
 * Memory as the reader may see it.
 * at  the bytes at a physical address, or NULL: not all of them may be read
 */
struct foreign_reader {
    const uint8_t *(*at)(void *context, uint64_t phys, uint64_t bytes);
    void *context;
};
