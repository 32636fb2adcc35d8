/* SPDX-License-Identifier: MIT
 *
 * How a list of C constants for NASM is written: a function full of these lines,
 * compiled to assembly and read there by tools/cmake/constants.cmake, never run.
 * The compiler is the source, so no number is written twice.
 *
 *   CONSTANT(NAME)            NAME is its value
 *   OFFSET(structure, field)  structure.field is its offset in bytes
 *   SIZE(structure)           structure_size is its length in bytes
 */
#pragma once

#include <stddef.h>

#define RECORD(text, value) __asm__ volatile(".ascii \"constant " text " %c0\"" : : "i"(value))

#define CONSTANT(name)           RECORD(#name, name)
#define OFFSET(structure, field) RECORD(#structure "." #field, offsetof(struct structure, field))
#define SIZE(structure)          RECORD(#structure "_size", sizeof(struct structure))
