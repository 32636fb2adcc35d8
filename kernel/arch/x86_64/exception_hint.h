/* SPDX-License-Identifier: MIT
 *
 * What probably lies behind an exception, as one sentence. Decides from what
 * it is given only: nothing is read and nothing is printed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/arch/x86_64/page_walk.h"

struct exception_frame;

/* What of the kernel's own image an address lies in. */
enum image_part { IMAGE_NONE = 0, IMAGE_TEXT, IMAGE_RODATA, IMAGE_DATA, IMAGE_HOLE };

/* What is known of a page fault. */
struct fault_facts {
    uint64_t error;      /* PF_ERROR_... */
    uint64_t address;    /* CR2 */
    const char *guarded; /* the stack whose guard page it is, or NULL */
    enum image_part part;
    bool mapped; /* `page` is set */
    struct page_mapping page;
};

/* "a field at offset 0x10 of a null pointer". Back: bytes before the NUL; 0: no hint. */
size_t exception_page_fault_hint(char *text, size_t size, const struct fault_facts *facts);

/*
 * A register that looks guilty: the pattern of memory nobody may read, a stack
 * pointer that no push can have left and, where the exception may come of that,
 * an address that is none with so many levels of tables. Back: bytes before the
 * NUL; 0: none.
 */
size_t exception_register_hint(char *text, size_t size, const struct exception_frame *frame,
                               unsigned levels);

/* Whose pattern a value is, of base/poison.h; NULL: no pattern. */
const char *exception_poison_name(uint64_t value);
