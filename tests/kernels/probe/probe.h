/* SPDX-License-Identifier: MIT
 *
 * The probe kernel: a kernel that does nothing but check every promise of boot
 * protocol 1 and say which one is broken. It knows the loader only through
 * boot/boot_info.h; nothing else of the project is in it.
 */
#pragma once

#include <stdbool.h>

#include "boot/boot_info.h"

#define PAGE_BYTES 4096ull

/* The registers at the entry point; entry.asm fills it in this order. */
struct probe_entry_state {
    uint64_t rdi, rsp, rflags, cr0, cr3, cr4, efer, rip, others, return_address;
};
ASSERT_SIZE(struct probe_entry_state, 80);

/* What every check is given. */
struct probe {
    struct probe_entry_state state;
    const struct boot_info *info;
};

/* One promise, and whether it was kept. The text is what is printed when it was not. */
struct probe_check {
    const char *promise;
    bool (*kept)(const struct probe *probe);
};

/* The lists, each ended by a null promise. */
extern const struct probe_check entry_checks[];
extern const struct probe_check info_checks[];
extern const struct probe_check memory_checks[];
extern const struct probe_check paging_checks[];
extern const struct probe_check image_checks[];

/* How a virtual address is mapped; `bytes` of the page that maps it, 0 when none does. */
struct probe_mapping {
    uint64_t phys;
    uint64_t bytes;
    bool writable, executable, user;
};

/* console.c: COM1 and port E9h. */
void print(const char *text);
void print_hex(uint64_t value);
void print_decimal(uint64_t value);
void print_fact(const char *name, uint64_t value);
NORETURN void leave(bool passed);

/* tables.c */
struct probe_mapping mapping_of(const struct probe *probe, uint64_t virt);
bool any_writable_and_executable(const struct probe *probe);

/* memory.c */
const void *at_phys(const struct probe *probe, uint64_t phys);
bool range_has_type(const struct probe *probe, uint64_t phys, uint64_t bytes, uint32_t type);

/* facts.c */
void print_facts(const struct probe *probe);
