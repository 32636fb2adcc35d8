/* SPDX-License-Identifier: MIT
 *
 * What stage 1 shares with the rest: the parameters it is sealed with, the
 * variables it leaves for stage 2, and the letters of its errors. The places of
 * all of it inside sector 0 are in disk_layout.h.
 */
#pragma once

#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "boot/low_memory.h"

/* How it reads. More than 64 sectors in one call upsets some BIOSes (Q19). */
#define STAGE1_EDD_SECTORS 64 /* in one packet; a power of two, halved on failure */
#define STAGE1_CHS_SECTORS 1  /* in one call by cylinder, head, sector (Q35) */
#define STAGE1_TRIES       4  /* of one single sector, with a reset between them */

/* Its divisions are by bytes. With tracks this long none can overflow. */
#define STAGE1_TRACK_MIN 8
_Static_assert(STAGE1_TRACK_MIN * 256 >= BOOT_PARTITION_LBA, "a track number fits one byte");
_Static_assert((STAGE1_EDD_SECTORS & (STAGE1_EDD_SECTORS - 1)) == 0, "a power of two");
_Static_assert(STAGE2_MAX_SECTORS % STAGE1_EDD_SECTORS == 0, "whole packets end on 64 KiB");

/* Drive numbers a BIOS may hand over for a hard disk; others are replaced (Q2, Q3). */
#define STAGE1_DRIVE_FIRST 0x80
#define STAGE1_DRIVE_MASK  0xF0

/* The last bytes of the code, patched by tools/seal. All of stage 2 lies below BOOT_PARTITION_LBA. */
struct stage1_parameters {
    uint16_t copy_lba[2]; /* first sectors of copies A and B */
    uint16_t sectors;     /* length of either, 1..STAGE2_MAX_SECTORS */
} PACKED;
ASSERT_SIZE(struct stage1_parameters, MBR_CODE_END - STAGE1_PARAMETERS_OFFSET);
ASSERT_OFFSET(struct stage1_parameters, sectors, 4);

/*
 * Its variables, in memory at LOW_STAGE1 + MBR_BPB_OFFSET, where the sector has
 * its BIOS parameter block; stage 2 may read them. On disk these bytes are the
 * block's; a BIOS may have written there before stage 1 ran (Q7).
 */
struct stage1_state {
    uint16_t call_sectors;     /* STAGE1_EDD_SECTORS: read by EDD; STAGE1_CHS_SECTORS: by CHS */
    uint16_t copy_lba;         /* the copy in memory: one of the parameters' two */
    uint16_t retries;          /* failed reads so far, of either copy */
    uint8_t sectors_per_track; /* valid only when read by CHS ... */
    uint8_t heads;             /* ... and for sectors below BOOT_PARTITION_LBA */
} PACKED;
ASSERT_SIZE(struct stage1_state, 8);
ASSERT_OFFSET(struct stage1_state, copy_lba, 2);
ASSERT_OFFSET(struct stage1_state, retries, 4);
ASSERT_OFFSET(struct stage1_state, sectors_per_track, 6);
ASSERT_OFFSET(struct stage1_state, heads, 7);
_Static_assert(MBR_BPB_OFFSET + sizeof(struct stage1_state) <= MBR_CODE_OFFSET, "below the code");

/*
 * The registers as the BIOS handed them over, pushed first of all: they lie at
 * LOW_STAGE1_ENTRY, and the stack goes on below. AX, BX and CX of the BIOS are
 * lost: stage 1 needs three registers before it has a stack.
 */
struct stage1_entry {
    uint16_t di, si, bp;
    uint16_t own_sp; /* what pusha puts here: nothing of the BIOS's */
    uint16_t ss;     /* pusha's BX */
    uint16_t dx;
    uint16_t zero; /* pusha's CX */
    uint16_t sp;   /* pusha's AX */
    uint16_t es, ds, cs, flags;
};
ASSERT_SIZE(struct stage1_entry, LOW_STAGE1 - LOW_STAGE1_ENTRY);
ASSERT_OFFSET(struct stage1_entry, ss, 8);
ASSERT_OFFSET(struct stage1_entry, dx, 10);
ASSERT_OFFSET(struct stage1_entry, sp, 14);
ASSERT_OFFSET(struct stage1_entry, es, 16);
ASSERT_OFFSET(struct stage1_entry, flags, 22);

/*
 * An error is four hex digits on the screen: E, what went wrong, and the status
 * byte of INT 13h. The first two, as one byte:
 */
#define STAGE1_E_BIOS     0xEB
#define STAGE1_E_CHECKSUM 0xEC
#define STAGE1_E_DISK     0xED

/* X(letter, name, sentence) */
#define STAGE1_ERROR_LIST(X)                                                                       \
    X("B", STAGE1_E_BIOS, "the BIOS has neither EDD nor a usable geometry for the drive")          \
    X("C", STAGE1_E_CHECKSUM, "stage 2 was read, but its checksum is wrong, in both copies")       \
    X("D", STAGE1_E_DISK, "stage 2 cannot be read from the disk, neither copy of it")
