/* SPDX-License-Identifier: MIT
 *
 * Multiboot2: the header that a kernel's file carries and the tags that the
 * loader hands over. Plain defines, shared with NASM; offsets, not structures:
 * every tag is read as bytes with bounds.
 * Spec: The Multiboot2 Specification version 2.0, sections 3.1 and 3.4 to 3.6.
 */
#pragma once

/* The header: within the first 32 KiB of the file, 8-byte aligned. */
#define MULTIBOOT2_HEADER_MAGIC      0xE85250D6
#define MULTIBOOT2_HEADER_ALIGN      8
#define MULTIBOOT2_ARCHITECTURE_I386 0

/* Tags of the header. */
#define MULTIBOOT2_HEADER_END          0
#define MULTIBOOT2_HEADER_INFORMATION  1 /* which tags the kernel needs */
#define MULTIBOOT2_HEADER_ENTRY        3 /* physical, 32-bit */
#define MULTIBOOT2_HEADER_CONSOLE      4
#define MULTIBOOT2_HEADER_FRAMEBUFFER  5
#define MULTIBOOT2_HEADER_MODULE_ALIGN 6 /* modules begin on pages */
#define MULTIBOOT2_HEADER_OPTIONAL     1 /* flag: go on without */
#define MULTIBOOT2_CONSOLE_TEXT        2 /* flag: the kernel can show EGA text */

/* EAX at the entry; EBX is the information block's physical address. */
#define MULTIBOOT2_LOADER_MAGIC 0x36D76289

/* The block: its size, a reserved word, tags; each tag 8-byte aligned. */
#define MULTIBOOT2_BLOCK_SIZE   0
#define MULTIBOOT2_BLOCK_HEADER 8
#define MULTIBOOT2_TAG_TYPE     0
#define MULTIBOOT2_TAG_SIZE     4
#define MULTIBOOT2_TAG_HEADER   8
#define MULTIBOOT2_TAG_ALIGN    8

#define MULTIBOOT2_TAG_END          0
#define MULTIBOOT2_TAG_COMMAND_LINE 1
#define MULTIBOOT2_TAG_LOADER_NAME  2
#define MULTIBOOT2_TAG_MODULE       3
#define MULTIBOOT2_TAG_MEMORY_MAP   6
#define MULTIBOOT2_TAG_FRAMEBUFFER  8
#define MULTIBOOT2_TAG_RSDP_1       14 /* a copy of ACPI 1.0's */
#define MULTIBOOT2_TAG_RSDP_2       15 /* a copy of the later one */

#define MULTIBOOT2_MODULE_START 8  /* 32-bit */
#define MULTIBOOT2_MODULE_END   12 /* behind the last byte */
#define MULTIBOOT2_MODULE_TEXT  16

#define MULTIBOOT2_MEMORY_ENTRY_SIZE 8
#define MULTIBOOT2_MEMORY_ENTRIES    16
#define MULTIBOOT2_MEMORY_BASE       0 /* of an entry */
#define MULTIBOOT2_MEMORY_LENGTH     8
#define MULTIBOOT2_MEMORY_TYPE       16 /* E820's numbers */
#define MULTIBOOT2_MEMORY_ENTRY_MIN  24

#define MULTIBOOT2_FRAMEBUFFER_PHYS   8
#define MULTIBOOT2_FRAMEBUFFER_PITCH  16
#define MULTIBOOT2_FRAMEBUFFER_WIDTH  20
#define MULTIBOOT2_FRAMEBUFFER_HEIGHT 24
#define MULTIBOOT2_FRAMEBUFFER_BITS   28
#define MULTIBOOT2_FRAMEBUFFER_TYPE   29
#define MULTIBOOT2_FRAMEBUFFER_RED    32 /* position, then width; green and blue follow */
#define MULTIBOOT2_FRAMEBUFFER_GREEN  34
#define MULTIBOOT2_FRAMEBUFFER_BLUE   36
#define MULTIBOOT2_FRAMEBUFFER_COMMON 32 /* bytes of every kind */
#define MULTIBOOT2_FRAMEBUFFER_COLOUR 38 /* bytes of a direct-colour one */
#define MULTIBOOT2_FRAMEBUFFER_DIRECT 1  /* direct colour */
#define MULTIBOOT2_FRAMEBUFFER_EGA    2  /* text */
