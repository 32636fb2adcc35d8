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

/*
 * Why #DB came, by DR6 and DR7: "a single step", "data watched by DR0 was
 * written". Back: the bytes written before the NUL.
 */
size_t exception_debug_cause(char *text, size_t size, uint64_t dr6, uint64_t dr7);

/* Does the CPU push an error code at all? */
bool exception_has_error(unsigned vector);

/* Does the CPU push an error code that names a selector? */
bool exception_has_selector(unsigned vector);

/* "write to", "read of", ...; to be followed by the address. */
const char *exception_page_fault_access(uint64_t error);

/* "the page is not mapped". */
const char *exception_page_fault_reason(uint64_t error);

/* Returns the bytes written before the NUL: "entry 8 of the GDT, from outside the program"; or that no selector is involved. */
size_t exception_describe_selector(char *text, size_t size, uint64_t error);

/*
 * All that the vector and its error code say: "general protection (#GP): entry 8 of the GDT (error
 * code 0x40)", "reserved exception, vector 15". Back: the bytes written before the NUL.
 */
size_t exception_describe(char *text, size_t size, unsigned vector, uint64_t error);
