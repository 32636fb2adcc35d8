/* SPDX-License-Identifier: MIT
 *
 * Exceptions in words. Decides the text only: no registers are read and
 * nothing is printed, so tests can hold every sentence against the manual.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "page fault"; "interrupt" above the exceptions. */
const char *exception_name(unsigned vector);

/* "#PF"; empty where the manual has none. */
const char *exception_mnemonic(unsigned vector);

/* Does the CPU push an error code that names a selector? */
bool exception_has_selector(unsigned vector);

/* "write to", "read of", ...; to be followed by the address. */
const char *exception_page_fault_access(uint64_t error);

/* "the page is not mapped". */
const char *exception_page_fault_reason(uint64_t error);

/* Returns the bytes written before the NUL: "entry 8 of the GDT, from outside the program"; or that no selector is involved. */
size_t exception_describe_selector(char *text, size_t size, uint64_t error);
