/* SPDX-License-Identifier: MIT
 *
 * What the kernel sets apart of its half of the address space, beside what boot
 * protocol 1 gives it. docs/kernel/virtual-memory.md draws all of it.
 */
#pragma once

/* Regions (kernel/mm/region.h): one top-level entry of four-level tables. */
#define REGION_FIRST 0xFFFFC00000000000
#define REGION_LAST  0xFFFFC07FFFFFFFFF

/* KASAN's shadow of the whole upper half, an eighth of it (kernel/sanitize). */
#define KASAN_SHADOW_FIRST 0xFFFFEC0000000000
#define KASAN_SHADOW_LAST  0xFFFFFBFFFFFFFFFF
