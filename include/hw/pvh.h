/* SPDX-License-Identifier: MIT
 *
 * PVH direct boot: the note that a kernel's file carries and the structures that
 * the loader hands over. Plain defines, shared with NASM; offsets, not
 * structures: all is read as bytes with bounds.
 * Spec: Xen, "x86/HVM direct boot ABI" (docs/misc/pvh), xen/include/public/
 * elfnote.h and arch-x86/hvm/start_info.h.
 */
#pragma once

/* A note: owner "Xen", a 32-bit physical entry point. */
#define XEN_ELFNOTE_PHYS32_ENTRY 18

/* struct hvm_start_info; EBX at the entry is its physical address. */
#define PVH_MAGIC               0x336EC578
#define PVH_START_MAGIC         0
#define PVH_START_VERSION       4
#define PVH_START_MODULE_COUNT  12
#define PVH_START_MODULES       16 /* physical, as all below */
#define PVH_START_COMMAND_LINE  24
#define PVH_START_RSDP          32
#define PVH_START_BYTES         40 /* version 0 ends here */
#define PVH_START_MEMORY        40
#define PVH_START_MEMORY_COUNT  48
#define PVH_START_BYTES_1       56
#define PVH_VERSION_WITH_MEMORY 1

/* struct hvm_modlist_entry. */
#define PVH_MODULE_PHYS         0
#define PVH_MODULE_SIZE         8
#define PVH_MODULE_COMMAND_LINE 16
#define PVH_MODULE_BYTES        32

/* struct hvm_memmap_table_entry. */
#define PVH_MEMORY_BASE        0
#define PVH_MEMORY_LENGTH      8
#define PVH_MEMORY_TYPE        16 /* E820's numbers */
#define PVH_MEMORY_ENTRY_BYTES 24
