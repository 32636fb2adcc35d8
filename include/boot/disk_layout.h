/* SPDX-License-Identifier: MIT
 *
 * Where things lie on a Coldstart disk, in 512-byte sectors (LBA), and the
 * fixed places inside sector 0. Plain defines, shared with NASM and the tools.
 */
#pragma once

#define SECTOR_BYTES 512

/* Sector 0: what lies where. Spec: the conventional PC master boot record. */
#define MBR_BPB_OFFSET      0x0B  /* some BIOSes write from here ... */
#define MBR_CODE_OFFSET     0x5A  /* ... up to here; code starts behind */
#define MBR_CODE_END        0x1B8 /* 440 bytes of boot code at most */
#define MBR_DISK_SIGNATURE  0x1B8 /* 32-bit disk signature */
#define MBR_PARTITION_TABLE 0x1BE /* four entries of 16 bytes */
#define MBR_BOOT_SIGNATURE  0x1FE /* 55h AAh */

/* The last bytes of stage 1's code: its parameters, patched when it is sealed. */
#define STAGE1_PARAMETERS_OFFSET 0x1B2

/* Stage 2, twice, far enough apart that one bad patch cannot take both. */
#define STAGE2_COPY_A_LBA  1
#define STAGE2_COPY_B_LBA  1024
#define STAGE2_MAX_SECTORS 128

/* Partition 1, the FAT volume: 1 MiB into the disk, as every tool aligns it. */
#define BOOT_PARTITION_LBA 2048

_Static_assert(STAGE2_COPY_A_LBA + STAGE2_MAX_SECTORS <= STAGE2_COPY_B_LBA, "A before B");
_Static_assert(STAGE2_COPY_B_LBA + STAGE2_MAX_SECTORS <= BOOT_PARTITION_LBA, "B before FAT");
_Static_assert(STAGE1_PARAMETERS_OFFSET < MBR_CODE_END, "parameters are inside the code");
