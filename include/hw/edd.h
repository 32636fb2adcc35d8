/* SPDX-License-Identifier: MIT
 *
 * BIOS Enhanced Disk Drive services: the INT 13h functions, the records they
 * take and fill, and their status bytes. Data only; nobody is called here.
 * Spec: BIOS Enhanced Disk Drive Specification 3.0, sections 3 to 5; the CHS
 * functions and the status bytes are those of the IBM PC/AT BIOS.
 */
#pragma once

#include "base/compiler.h"

/* The interrupt and its functions (AH). */
#define INT13                0x13
#define INT13_RESET          0x00 /* DL = drive */
#define INT13_READ_CHS       0x02 /* AL sectors, CX/DH place, ES:BX buffer */
#define INT13_GEOMETRY       0x08 /* DL = drive; ES:DI = 0:0 guards against BIOS bugs */
#define INT13_EDD_CHECK      0x41 /* BX = EDD_CHECK_IN */
#define INT13_EDD_READ       0x42 /* DS:SI = struct edd_packet */
#define INT13_EDD_PARAMETERS 0x48 /* DS:SI = struct edd_parameters */

/* AH=41h: the extensions are there when CF = 0, BX = EDD_CHECK_OUT and CX bit 0. */
#define EDD_CHECK_IN         0x55AA
#define EDD_CHECK_OUT        0xAA55
#define EDD_INTERFACE_ACCESS 0x0001 /* CX bit 0: packets (AH=42h-44h, 47h, 48h) */
#define EDD_INTERFACE_EJECT  0x0002 /* CX bit 1: removable drive functions */
#define EDD_INTERFACE_EDD    0x0004 /* CX bit 2: EDD functions (AH=48h, 4Eh) */
#define EDD_VERSION_1_X      0x01   /* AH as AH=41h returns it */
#define EDD_VERSION_2_0      0x20
#define EDD_VERSION_2_1      0x21
#define EDD_VERSION_3_0      0x30

/* Some BIOSes refuse more sectors than this in one packet (Q19). */
#define EDD_MAX_SECTORS 127

/* AH=02h: CL holds the sector in its low bits, and cylinder bits 8-9 on top. */
#define CHS_SECTOR_MASK    0x3F
#define CHS_CYLINDER_MASK  0xC0
#define CHS_CYLINDER_SHIFT 2 /* cylinder bits 8-9 move from AH to CL bits 6-7 */

/* Status bytes (AH after an error) that a reader may act upon. */
#define INT13_OK                 0x00
#define INT13_E_BAD_COMMAND      0x01
#define INT13_E_ADDRESS_MARK     0x02
#define INT13_E_SECTOR_NOT_FOUND 0x04
#define INT13_E_DMA_BOUNDARY     0x09 /* buffer crosses 64 KiB, or too many sectors */
#define INT13_E_MEDIA_TYPE       0x0C
#define INT13_E_UNCORRECTABLE    0x10
#define INT13_E_CONTROLLER       0x20
#define INT13_E_SEEK             0x40
#define INT13_E_TIMEOUT          0x80

/* Disk address packet, AH=42h. */
struct edd_packet {
    uint8_t size; /* bytes in the packet: 16 */
    uint8_t zero;
    uint16_t count; /* in: sectors wanted; out: sectors moved (Q25) */
    uint16_t offset;
    uint16_t segment;
    uint64_t lba; /* keep the high half 0: some BIOSes fail on it (Q31) */
};
ASSERT_SIZE(struct edd_packet, 16);
ASSERT_OFFSET(struct edd_packet, count, 2);
ASSERT_OFFSET(struct edd_packet, offset, 4);
ASSERT_OFFSET(struct edd_packet, lba, 8);

/*
 * Result buffer of AH=48h, EDD 3.0 (30 + 36 bytes). `size` goes in as the room
 * there is and comes back as what was filled; some BIOSes write past it (Q28).
 */
struct edd_parameters {
    uint16_t size;
    uint16_t flags;     /* EDD_PARAMETERS_* */
    uint32_t cylinders; /* the three are valid with EDD_PARAMETERS_CHS */
    uint32_t heads;
    uint32_t sectors_per_track;
    uint64_t sectors; /* 0 or truncated on some BIOSes (Q27) */
    uint16_t sector_bytes;
    uint16_t dpte_offset; /* FFFF:FFFF: no device parameter table */
    uint16_t dpte_segment;
    uint16_t path_key; /* EDD_PATH_KEY: the path below is valid */
    uint8_t path_bytes;
    uint8_t zero1[3];
    char host_bus[4];  /* "PCI ", "ISA " */
    char interface[8]; /* "ATA     ", "SCSI    ", "USB     " ... */
    uint8_t interface_path[8];
    uint8_t device_path[8];
    uint8_t zero2;
    uint8_t path_checksum; /* the path's bytes sum to 0 */
} PACKED;
ASSERT_SIZE(struct edd_parameters, 66);
ASSERT_OFFSET(struct edd_parameters, sectors, 16);
ASSERT_OFFSET(struct edd_parameters, sector_bytes, 24);
ASSERT_OFFSET(struct edd_parameters, path_key, 30);
ASSERT_OFFSET(struct edd_parameters, host_bus, 36);

#define EDD_PARAMETERS_BYTES_1_X 26
#define EDD_PARAMETERS_BYTES_2_X 30
#define EDD_PARAMETERS_BYTES_3_0 66
#define EDD_PATH_KEY             0xBEDD

#define EDD_PARAMETERS_DMA_HANDLED 0x0001 /* the BIOS copes with 64 KiB crossings */
#define EDD_PARAMETERS_CHS         0x0002 /* cylinders, heads, sectors_per_track valid */
#define EDD_PARAMETERS_REMOVABLE   0x0004
