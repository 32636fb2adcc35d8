/* SPDX-License-Identifier: MIT
 *
 * Booted by another loader than ours: who it was. What such a loader does not
 * know is 0 in boot_info, and the reports say so.
 */
#pragma once

/* The loader in words, "GRUB 2.06 (Multiboot2)"; NULL: it was our own. */
const char *foreign_loader(void);
