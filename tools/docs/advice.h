/* SPDX-License-Identifier: MIT
 *
 * What a person can do about each error: the half of docs/errors.md that no
 * boot needs to carry. advice.c checks that no status is left out.
 */
#pragma once

#include "boot/status.h"

/* X(name, advice) */
#define BOOT_ADVICE_LIST(X)                                                                        \
    X(BOOT_E_A20, "Look for an A20 or keyboard-controller setting in the BIOS setup; send a "      \
                  "firmware report.")                                                              \
    X(BOOT_E_NO_LONG_MODE, "A PC with an x86-64 CPU is needed. In QEMU: `qemu-system-x86_64`, "    \
                           "and no 32-bit `-cpu`.")                                                \
    X(BOOT_E_NO_MEMORY_MAP, "E820, E801h and 88h tell of no RAM above 1 MiB: the machine has "     \
                            "none, or its BIOS needs an update.")                                  \
    X(BOOT_E_LITTLE_MEMORY, "The message says how much is needed and how much was found.")         \
    X(BOOT_E_LOADER_FAULT, "A defect of Coldstart: report it with the whole line.")                \
    X(BOOT_E_NO_CPUID, "The CPU is older than 1993's Pentium; an x86-64 CPU is needed.")           \
    X(BOOT_E_DISK_READ, "The line names the LBA and the INT 13h status. Write the image again; "   \
                        "then suspect the disk, the cable or the port.")                           \
    X(BOOT_E_MBR_SIGNATURE, "Sector 0 was overwritten: write stage 1 again.")                      \
    X(BOOT_E_NO_ACTIVE, "Mark the boot partition active, e.g. `sfdisk --activate DISK 1`.")        \
    X(BOOT_E_MANY_ACTIVE, "Leave one partition active, e.g. `sfdisk --activate DISK 1`.")          \
    X(BOOT_E_PARTITION, "Its type must be a FAT type, and its sectors must lie on the disk; see "  \
                        "`sfdisk -l DISK`.")                                                       \
    X(BOOT_E_WRONG_DISK, "The BIOS names another drive than the one it booted. Remove other "      \
                         "disks, or make this one the first.")                                     \
    X(BOOT_E_SECTOR_SIZE, "Use a disk with 512-byte (or emulated 512-byte) sectors.")              \
    X(BOOT_E_STAGE1, "Write it again, its 440 bytes only: `dd if=build/stage1.bin of=DISK bs=440 " \
                     "count=1 conv=notrunc`.")                                                     \
    X(BOOT_E_NOT_FAT, "Format the partition: `mkfs.fat -F 32`, then copy the files again.")        \
    X(BOOT_E_FAT_GEOMETRY, "`fsck.fat -n` tells more; format the partition and copy again. "       \
                           "If the line names a backup: `fsck.fat` can restore the sector.")       \
    X(BOOT_E_FAT_CHAIN, "The file system is damaged: `fsck.fat`, then copy the file again.")       \
    X(BOOT_E_FAT_LOOP, "The file system is damaged: `fsck.fat`, then copy the file again.")        \
    X(BOOT_E_NOT_FOUND, "Look at the volume: `mdir -i IMAGE@@1M ::/`. Paths start at its root.")   \
    X(BOOT_E_NOT_A_FILE, "Name the file inside the folder.")                                       \
    X(BOOT_E_BAD_PATH, "Paths are absolute, with `/` between names, without `.` and `..`.")        \
    X(BOOT_E_TRUNCATED, "The copy was cut short: copy the file again.")                            \
    X(BOOT_E_CONFIG_SYNTAX, "Lines are `key = value`; comments start with `#`.")                   \
    X(BOOT_E_CONFIG_KEY, "Keys: `kernel`, `cmdline`, `module`, `video`, `crc32c`.")                \
    X(BOOT_E_CONFIG_VALUE, "The line shows what was read; see disk/coldstart.cfg for examples.")   \
    X(BOOT_E_CONFIG_REPEATED, "Only `module` and `crc32c` may stand more than once.")              \
    X(BOOT_E_CONFIG_NO_KERNEL, "Add `kernel = /boot/kernel.elf`.")                                 \
    X(BOOT_E_CONFIG_SIZE, "Shorten the file; its limit is in the message.")                        \
    X(BOOT_E_CONFIG_MANY, "Remove some `module` or `crc32c` lines.")                               \
    X(BOOT_E_NOT_ELF, "`kernel` must name an ELF64 executable; `file KERNEL` tells what it is.")   \
    X(BOOT_E_ELF_CLASS, "Build the kernel for x86-64 (`-m64`, `--target=x86_64-elf`).")            \
    X(BOOT_E_ELF_MACHINE, "Build the kernel for x86-64.")                                          \
    X(BOOT_E_ELF_TYPE, "Link an executable: an object file or a core dump cannot be booted.")      \
    X(BOOT_E_ELF_HEADER, "The file is damaged: copy it again.")                                    \
    X(BOOT_E_ELF_NO_LOAD, "The linker script made no `PT_LOAD` segment with memory in it.")        \
    X(BOOT_E_ELF_SEGMENT, "`readelf -lW KERNEL` shows the segment that the message names.")        \
    X(BOOT_E_ELF_OVERLAP, "Align each segment to a page in the linker script.")                    \
    X(BOOT_E_ELF_ADDRESS, "Link away from page 0, the direct map and the hand-off region; see "    \
                          "boot-protocol.md.")                                                     \
    X(BOOT_E_ELF_W_X, "Give code and data segments of their own (`PHDRS` in the linker script).")  \
    X(BOOT_E_ELF_ENTRY, "`ENTRY()` must name code in an executable segment.")                      \
    X(BOOT_E_ELF_DYNAMIC, "Link statically; for a PIE, only relative relocations.")                \
    X(BOOT_E_ELF_NOTE,                                                                             \
      "`readelf -n KERNEL` shows its notes; there may be one of Coldstart's, laid "                \
      "out as boot-protocol.md says.")                                                             \
    X(BOOT_E_CRC, "The file and its `crc32c` line disagree: if you replaced the file, change or "  \
                  "remove the line; else copy the file again.")                                    \
    X(BOOT_E_NO_ROOM, "The message says how much is needed and how much is free.")                 \
    X(BOOT_E_NEEDS_PROTOCOL, "The kernel was made for a newer Coldstart: write a newer image, or " \
                             "build the kernel against this one's headers.")                       \
    X(BOOT_E_NEEDS_MEMORY, "The message says how much the kernel asks for and how much there is: " \
                           "give the machine more, in QEMU with `-m`.")                            \
    X(BOOT_E_NEEDS_FEATURE,                                                                        \
      "The message names it. Another CPU or firmware may have it; the screen "                     \
      "and the modules are chosen in `coldstart.cfg`. A number instead of a "                      \
      "name: the kernel was made for a newer Coldstart.")

/* The advice for a status, in Markdown; "" for BOOT_OK. */
const char *advice_text(enum boot_status status);
