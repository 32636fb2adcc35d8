/* SPDX-License-Identifier: MIT
 *
 * The hand-off, moved out of the loader's memory. Only for boot.c; the rest of
 * the kernel calls boot_keep.
 */
#pragma once

#include "boot/boot_info.h"

/*
 * Copy a hand-off and all that it leads to into frames of the kernel. Panics
 * when there are none. The modules themselves, ACPI's tables and the page tables
 * stay where they are.
 */
const struct boot_info *boot_copy(const struct boot_info *info);
