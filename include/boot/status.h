/* SPDX-License-Identifier: MIT
 *
 * Every way a boot can end badly, in one list: the code that is shown as
 * `coldstart: error Exx` and on POST port 80h, the name the source uses, and
 * the sentence. Grouped by the guilty party. docs/errors.md is made from it.
 * Stage 1 has room for letters only; they are listed in stage1.h.
 */
#pragma once

/* X(code, name, sentence) */
#define BOOT_STATUS_LIST(X)                                                                        \
    /* 1x the machine and its firmware */                                                          \
    X(0x10, BOOT_E_A20, "the A20 line stays off")                                                  \
    X(0x11, BOOT_E_NO_LONG_MODE, "this CPU has no 64-bit (long) mode")                             \
    X(0x12, BOOT_E_NO_MEMORY_MAP, "the BIOS gives no usable memory map")                           \
    X(0x13, BOOT_E_LITTLE_MEMORY, "too little memory")                                             \
    X(0x14, BOOT_E_LOADER_FAULT, "the loader itself faulted")                                      \
    X(0x15, BOOT_E_NO_CPUID, "this CPU has no CPUID instruction")                                  \
    /* 2x the disk and its partition table */                                                      \
    X(0x20, BOOT_E_DISK_READ, "disk read failed")                                                  \
    X(0x21, BOOT_E_MBR_SIGNATURE, "no 55AA signature in the MBR")                                  \
    X(0x22, BOOT_E_NO_ACTIVE, "no active partition")                                               \
    X(0x23, BOOT_E_MANY_ACTIVE, "more than one active partition")                                  \
    X(0x24, BOOT_E_PARTITION, "the active partition entry is not valid")                           \
    X(0x25, BOOT_E_WRONG_DISK, "the boot drive does not hold the sector that was booted")          \
    X(0x26, BOOT_E_SECTOR_SIZE, "disk sectors are not 512 bytes")                                  \
    X(0x27, BOOT_E_STAGE1, "stage 1, the code in the MBR, is damaged")                             \
    /* 3x the FAT volume */                                                                        \
    X(0x30, BOOT_E_NOT_FAT, "the boot partition holds no FAT volume")                              \
    X(0x31, BOOT_E_FAT_GEOMETRY, "the FAT volume describes itself wrongly")                        \
    X(0x32, BOOT_E_FAT_CHAIN, "the cluster chain leaves the volume or ends early")                 \
    X(0x33, BOOT_E_FAT_LOOP, "the cluster chain loops")                                            \
    X(0x34, BOOT_E_NOT_FOUND, "file not found")                                                    \
    X(0x35, BOOT_E_NOT_A_FILE, "a folder stands where a file is wanted")                           \
    X(0x36, BOOT_E_BAD_PATH, "not a path the loader can follow")                                   \
    X(0x37, BOOT_E_TRUNCATED, "the file ends before its contents do")                              \
    /* 4x coldstart.cfg */                                                                         \
    X(0x40, BOOT_E_CONFIG_SYNTAX, "not a `key = value` line")                                      \
    X(0x41, BOOT_E_CONFIG_KEY, "unknown key")                                                      \
    X(0x42, BOOT_E_CONFIG_VALUE, "bad value")                                                      \
    X(0x43, BOOT_E_CONFIG_REPEATED, "key given twice")                                             \
    X(0x44, BOOT_E_CONFIG_NO_KERNEL, "no kernel is named")                                         \
    X(0x45, BOOT_E_CONFIG_SIZE, "the configuration is too large")                                  \
    X(0x46, BOOT_E_CONFIG_MANY, "more modules or checksums than the loader can hold")              \
    /* 5x the kernel file */                                                                       \
    X(0x50, BOOT_E_NOT_ELF, "not an ELF file")                                                     \
    X(0x51, BOOT_E_ELF_CLASS, "a 32-bit ELF file; the kernel must be ELF64")                       \
    X(0x52, BOOT_E_ELF_MACHINE, "not for x86-64")                                                  \
    X(0x53, BOOT_E_ELF_TYPE, "neither ET_EXEC nor ET_DYN")                                         \
    X(0x54, BOOT_E_ELF_HEADER, "the ELF header is malformed")                                      \
    X(0x55, BOOT_E_ELF_NO_LOAD, "nothing to load")                                                 \
    X(0x56, BOOT_E_ELF_SEGMENT, "a segment is malformed")                                          \
    X(0x57, BOOT_E_ELF_OVERLAP, "two segments share a page")                                       \
    X(0x58, BOOT_E_ELF_ADDRESS, "a segment wraps or lies where no kernel may")                     \
    X(0x59, BOOT_E_ELF_W_X, "a segment is both writable and executable")                           \
    X(0x5A, BOOT_E_ELF_ENTRY, "the entry point is not in an executable segment")                   \
    X(0x5B, BOOT_E_ELF_DYNAMIC, "a relocation the loader does not do")                             \
    X(0x5C, BOOT_E_ELF_NOTE, "the note with the kernel's requirements is malformed")               \
    /* 6x what was loaded, and what it needs */                                                    \
    X(0x60, BOOT_E_CRC, "the file's CRC-32C is not the configured one")                            \
    X(0x61, BOOT_E_NO_ROOM, "not enough free memory")                                              \
    X(0x62, BOOT_E_NEEDS_PROTOCOL, "the kernel needs a newer boot protocol")                       \
    X(0x63, BOOT_E_NEEDS_MEMORY, "the kernel needs more memory than this machine has")             \
    X(0x64, BOOT_E_NEEDS_FEATURE, "the kernel needs what is not there")

enum boot_status {
    BOOT_OK = 0,
#define BOOT_STATUS_ENUM(code, name, text) name = code,
    BOOT_STATUS_LIST(BOOT_STATUS_ENUM)
#undef BOOT_STATUS_ENUM
};
