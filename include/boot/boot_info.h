/* SPDX-License-Identifier: MIT
 *
 * The hand-off, boot protocol 1: all that a kernel is told, and the state it is
 * entered in. Data only; every integer is fixed-width and little-endian.
 *
 * On entry at e_entry: long mode, RDI = struct boot_info * (in the direct map),
 * RSP = 16-byte aligned minus 8 as after a call, top of a stack with an unmapped
 * guard page below; interrupts off, DF clear; every segment mapped with its own
 * permissions, never W+X; virtual page 0 unmapped; RAM at direct_map_base +
 * physical address, writable, NX.
 *
 * Names ending in _phys are physical addresses: read them at direct_map_base +
 * address. A pointer that is 0 means "there is none".
 */
#pragma once

#include "base/compiler.h"

#define BOOT_INFO_MAGIC       0x544F4F4254534443 /* "CDSTBOOT" read as bytes */
#define BOOT_PROTOCOL_VERSION 1

/* Virtual addresses of protocol 1. No kernel segment may lie in either. */
#define BOOT_DIRECT_MAP_BASE 0xFFFF800000000000 /* all RAM, 64 TiB of room */
#define BOOT_DIRECT_MAP_LAST 0xFFFFBFFFFFFFFFFF
#define BOOT_HANDOFF_BASE    0xFFFFFF0000000000 /* hand-off code and first stack */
#define BOOT_HANDOFF_LAST    0xFFFFFF7FFFFFFFFF
#define BOOT_STACK_BYTES     0x10000

/* What a byte of physical memory is; higher numbers win where ranges overlap. */
enum boot_memory_type {
    BOOT_MEMORY_USABLE = 1,           /* RAM, free */
    BOOT_MEMORY_LOADER = 2,           /* RAM, free once boot_info is no longer read */
    BOOT_MEMORY_KERNEL = 3,           /* RAM, kernel segments */
    BOOT_MEMORY_MODULE = 4,           /* RAM, modules */
    BOOT_MEMORY_ACPI_RECLAIMABLE = 5, /* RAM, free once ACPI tables are read */
    BOOT_MEMORY_ACPI_NVS = 6,         /* RAM, the firmware's for ever */
    BOOT_MEMORY_RESERVED = 7,         /* not to be touched */
    BOOT_MEMORY_BAD = 8,              /* RAM that does not work */
};

/* One run of physical memory, page-aligned, sorted by first, disjoint. */
struct boot_memory_range {
    uint64_t first;    /* first byte */
    uint64_t last;     /* last byte, inclusive */
    uint32_t type;     /* enum boot_memory_type */
    uint32_t reserved; /* 0 */
};
ASSERT_SIZE(struct boot_memory_range, 24);

/* One raw INT 15h E820 answer. Spec: ACPI 6.4, section 15.1. */
struct boot_e820_answer {
    uint64_t base;
    uint64_t length;
    uint32_t type;
    uint32_t attributes;     /* preset to 1; the BIOS's when returned_bytes >= 24 */
    uint32_t returned_eax;   /* 'SMAP' when the BIOS speaks E820 */
    uint32_t returned_bytes; /* ECX after the call */
    uint32_t continuation;   /* EBX after the call */
    uint32_t flags;          /* FLAGS after the call; bit 0 = carry */
};
ASSERT_SIZE(struct boot_e820_answer, 40);

/* The file segments of the kernel, as mapped. */
struct boot_segment {
    uint64_t virt;  /* first virtual byte, page-aligned */
    uint64_t phys;  /* first physical byte, page-aligned */
    uint64_t bytes; /* length in memory, a multiple of the page */
    uint32_t flags; /* ELF PF_X = 1, PF_W = 2, PF_R = 4 */
    uint32_t reserved;
};
ASSERT_SIZE(struct boot_segment, 32);

struct boot_module {
    uint64_t phys;      /* first byte, page-aligned */
    uint64_t bytes;     /* exact length of the file */
    uint64_t name_phys; /* NUL-terminated UTF-8 */
};
ASSERT_SIZE(struct boot_module, 24);

/* One step of the boot. */
struct boot_trace_record {
    uint32_t step;     /* enum boot_step */
    uint32_t argument; /* what the step's own line in docs says; else 0 */
    uint64_t tsc;      /* time-stamp counter at its start; 0 where none was read */
};
ASSERT_SIZE(struct boot_trace_record, 16);

enum boot_video_kind {
    BOOT_VIDEO_TEXT = 1,        /* 80x25 VGA text at B8000h */
    BOOT_VIDEO_FRAMEBUFFER = 2, /* a linear framebuffer, direct colour */
};

struct boot_video {
    uint32_t kind;          /* enum boot_video_kind */
    uint32_t width;         /* pixels, or columns of text */
    uint32_t height;        /* pixels, or rows of text */
    uint32_t pitch;         /* bytes from one line to the next */
    uint64_t phys;          /* first byte */
    uint8_t bits_per_pixel; /* 0 for text */
    uint8_t red_shift, red_bits;
    uint8_t green_shift, green_bits;
    uint8_t blue_shift, blue_bits;
    uint8_t cursor_row; /* text: where the loader's text ends */
};
ASSERT_SIZE(struct boot_video, 32);

/* The 16-bit registers that one BIOS call left; all 0 when it was not made: FLAGS never are. */
struct boot_bios_answer {
    uint16_t ax, bx, cx, dx;
    uint16_t es, di;
    uint16_t flags;    /* bit 0 = carry, bit 1 = 1 */
    uint16_t reserved; /* 0 */
};
ASSERT_SIZE(struct boot_bios_answer, 16);
ASSERT_OFFSET(struct boot_bios_answer, flags, 12);

/* The registers as the BIOS handed them to the boot sector; AX, BX and CX are not kept. */
struct boot_entry_registers {
    uint16_t dx, si, di, bp, sp; /* DL: the drive, if the BIOS is right */
    uint16_t cs, ds, es, ss;
    uint16_t flags;
};
ASSERT_SIZE(struct boot_entry_registers, 20);
ASSERT_OFFSET(struct boot_entry_registers, cs, 10);

#define BOOT_EDD_BUFFER_BYTES 32

/* What the firmware answered besides E820. */
struct boot_firmware {
    uint8_t drive;                               /* INT 13h number of the boot drive */
    uint8_t edd_version;                         /* AH of INT 13h AH=41h; 0: no EDD, CHS was used */
    uint16_t edd_interface;                      /* CX of INT 13h AH=41h */
    uint8_t stage2_copy;                         /* 0: copy A, 1: copy B was needed */
    uint8_t stage1_retries;                      /* failed reads stage 1 got over */
    uint8_t a20_method;                          /* enum boot_a20_method */
    uint8_t e820_end;                            /* enum boot_e820_end */
    uint16_t e801_ax, e801_bx, e801_cx, e801_dx; /* INT 15h AX=E801h */
    uint16_t int88_ax;                           /* INT 15h AH=88h, KiB above 1 MiB */
    uint16_t int12_ax;                           /* INT 12h, KiB from 0 */
    uint16_t e801_flags;                         /* FLAGS after E801h; bit 0 = carry */
    uint16_t int88_flags;                        /* FLAGS after 88h */
    uint16_t ebda_segment;                       /* BDA 40Eh */
    uint16_t reserved;
    uint32_t disk_reads;   /* INT 13h read calls that stage 2 made */
    uint32_t disk_retries; /* of these, repeated after an error */
    uint64_t disk_sectors; /* EDD AH=48h: sectors of the drive; 0 unknown */

    struct boot_bios_answer a20;               /* INT 15h AX=2401h */
    struct boot_bios_answer edd_check;         /* INT 13h AH=41h */
    struct boot_bios_answer edd_parameters;    /* INT 13h AH=48h */
    struct boot_bios_answer geometry;          /* INT 13h AH=08h */
    uint8_t edd_buffer[BOOT_EDD_BUFFER_BYTES]; /* of AH=48h, as it was after the call */
    struct boot_entry_registers entry;         /* at the boot sector's first instruction */
    uint8_t disk_by_edd;                       /* 1: read by EDD; 0: by cylinder, head, sector */
    uint8_t e820_asked;                        /* bytes asked for in each E820 call: 20 or 24 */
    uint8_t reserved_2[2];
};
ASSERT_OFFSET(struct boot_firmware, a20, 48);
ASSERT_OFFSET(struct boot_firmware, edd_buffer, 112);
ASSERT_OFFSET(struct boot_firmware, entry, 144);
ASSERT_OFFSET(struct boot_firmware, disk_by_edd, 164);
ASSERT_SIZE(struct boot_firmware, 168);

enum boot_a20_method {
    BOOT_A20_WAS_ON = 1,
    BOOT_A20_BIOS = 2,
    BOOT_A20_PORT_92 = 3,
    BOOT_A20_KEYBOARD = 4,
};

enum boot_e820_end {
    BOOT_E820_END_ZERO = 1,       /* EBX came back 0: the normal end */
    BOOT_E820_END_CARRY = 2,      /* carry behind at least one answer */
    BOOT_E820_END_FULL = 3,       /* more answers than there is room for */
    BOOT_E820_END_REPEAT = 4,     /* the BIOS repeated itself */
    BOOT_E820_END_SIGNATURE = 5,  /* 'SMAP' went missing: nothing is believed */
    BOOT_E820_END_UNSUPPORTED = 6 /* no answer at all */
};

struct boot_info {
    uint64_t magic;   /* BOOT_INFO_MAGIC */
    uint32_t version; /* BOOT_PROTOCOL_VERSION */
    uint32_t bytes;   /* size of this struct; later versions only append */

    uint64_t direct_map_base;   /* BOOT_DIRECT_MAP_BASE */
    uint64_t direct_map_last;   /* last mapped physical byte */
    uint64_t command_line_phys; /* NUL-terminated; empty when none is given */

    uint64_t memory_phys;  /* struct boot_memory_range[memory_count] */
    uint64_t e820_phys;    /* struct boot_e820_answer[e820_count] */
    uint64_t module_phys;  /* struct boot_module[module_count] */
    uint64_t segment_phys; /* struct boot_segment[segment_count] */
    uint64_t trace_phys;   /* struct boot_trace_record[trace_count] */
    uint32_t memory_count;
    uint32_t e820_count;
    uint32_t module_count;
    uint32_t segment_count;
    uint32_t trace_count;
    uint32_t build_id; /* of stage 2: stage2_header.build_id */

    uint64_t kernel_file_bytes; /* length of the kernel's file */
    uint64_t kernel_entry;      /* e_entry, relocated */
    uint64_t kernel_slide;      /* what was added to every virtual address */
    uint64_t page_table_phys;   /* the PML4 that CR3 holds */

    uint64_t stack_first; /* virtual; the page below is unmapped */
    uint64_t stack_last;  /* virtual, inclusive */

    uint64_t rsdp_phys;      /* ACPI root pointer, 0 when not found */
    uint64_t smbios_phys;    /* SMBIOS entry point, _SM3_ preferred; 0 when not found */
    uint8_t random_seed[32]; /* RDRAND where there is one, stirred with time and map */

    struct boot_video video;
    struct boot_firmware firmware;
};
ASSERT_OFFSET(struct boot_info, version, 8);
ASSERT_OFFSET(struct boot_info, direct_map_base, 16);
ASSERT_OFFSET(struct boot_info, memory_phys, 40);
ASSERT_OFFSET(struct boot_info, memory_count, 80);
ASSERT_OFFSET(struct boot_info, kernel_file_bytes, 104);
ASSERT_OFFSET(struct boot_info, random_seed, 168);
ASSERT_OFFSET(struct boot_info, video, 200);
ASSERT_OFFSET(struct boot_info, firmware, 232);
ASSERT_SIZE(struct boot_info, 400);
