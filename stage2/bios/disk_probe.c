/* SPDX-License-Identifier: MIT
 *
 * See disk_probe.h. The questions are put the way that hurts the fewest
 * BIOSes: each preset, each guard and each check below was forced by a machine.
 * Spec: BIOS Enhanced Disk Drive Specification 3.0, AH=41h and AH=48h.
 */
#include "stage2/bios/disk_probe.h"

#include "boot/disk_layout.h"
#include "hw/cpu.h"
#include "hw/edd.h"
#include "kernel/core/string.h"
#include "stage2/real/bios_call.h"

#define DRIVE_HARD_FIRST 0x80
#define DRIVE_HARD_LAST  0x8F
#define BDA_SEGMENT      0x40
#define SEGMENT_SHIFT    4

static uint32_t high_byte(uint32_t x)
{
    return x >> 8 & 0xFF;
}

/* Ask, and keep what came back. */
static void ask(struct bios_registers *registers, struct boot_bios_answer *answer)
{
    bios_call(INT13, registers);
    *answer = (struct boot_bios_answer){
        .ax = (uint16_t)registers->eax,
        .bx = (uint16_t)registers->ebx,
        .cx = (uint16_t)registers->ecx,
        .dx = (uint16_t)registers->edx,
        .es = registers->es,
        .di = (uint16_t)registers->edi,
        .flags = registers->flags,
    };
}

/*
 * Ask whether the drive speaks EDD. DS = 40h: a BIOS without EDD may write
 * through it (Q16). Carry set and CX = 0 beforehand: a BIOS that ignores the
 * call must not look like one that answered (Q17).
 */
static void probe_edd(struct disk *disk)
{
    struct bios_registers registers = {
        .eax = INT13_EDD_CHECK << 8,
        .ebx = EDD_CHECK_IN,
        .edx = disk->drive,
        .ds = BDA_SEGMENT,
        .flags = RFLAGS_CF,
    };
    ask(&registers, &disk->answers.edd_check);
    if ((registers.flags & RFLAGS_CF) || (registers.ebx & 0xFFFF) != EDD_CHECK_OUT ||
        !(registers.ecx & EDD_INTERFACE_ACCESS))
        return;
    disk->use_edd = true;
    disk->edd_version = (uint8_t)high_byte(registers.eax);
    disk->edd_interface = (uint16_t)registers.ecx;
}

/*
 * Size of the drive and of its sectors. The answer lies where an overrun hits
 * nothing (Q28), and counts only when carry and AH agree (Q24).
 */
static void probe_size(struct disk *disk)
{
    struct edd_parameters *const answer = (struct edd_parameters *)(uintptr_t)LOW_SCRATCH;
    struct bios_registers registers = {
        .eax = INT13_EDD_PARAMETERS << 8,
        .edx = disk->drive,
        .ds = LOW_SCRATCH >> SEGMENT_SHIFT,
    };

    memset(answer, 0, sizeof(*answer));
    answer->size = EDD_PARAMETERS_BYTES_2_X;
    ask(&registers, &disk->answers.edd_parameters);
    memcpy(disk->answers.edd_buffer, answer, sizeof(disk->answers.edd_buffer));
    if ((registers.flags & RFLAGS_CF) || high_byte(registers.eax) != INT13_OK)
        return;
    disk->sectors = answer->sectors;
    disk->sector_bytes = answer->sector_bytes;
}

/*
 * ES:DI = 0 beforehand, and 0 sectors on a track is no answer (Q30). Carry counts
 * only with a status in AH (Q24).
 */
bool disk_probe_geometry(struct disk *disk)
{
    struct bios_registers registers = { .eax = INT13_GEOMETRY << 8, .edx = disk->drive };

    ask(&registers, &disk->answers.geometry);
    const uint32_t sectors = registers.ecx & CHS_SECTOR_MASK;
    const bool failed = (registers.flags & RFLAGS_CF) != 0 && high_byte(registers.eax) != INT13_OK;
    if (failed || sectors == 0)
        return false;
    disk->track_sectors = (uint16_t)sectors;
    disk->heads = (uint16_t)(high_byte(registers.edx) + 1);
    return true;
}

static void make_calls(void *context)
{
    (void)context;
    bios_disk_batch();
}

void disk_probe(struct disk *disk, uint8_t drive)
{
    *disk = (struct disk){
        .port = { .batch = &exchange.disk,
                  .windows = (uint8_t *)(uintptr_t)LOW_DISK,
                  .make_calls = make_calls,
                  .find_geometry = disk_probe_geometry },
        .drive = drive,
        .call_max = EDD_MAX_SECTORS,
        .call_ceiling = EDD_MAX_SECTORS,
    };
    probe_edd(disk);
    if (disk->use_edd)
        probe_size(disk);
    else
        disk_probe_geometry(disk);
}

/*
 * Is this the sector that was booted? Not compared: the bytes where a BIOS may
 * have written into memory before it jumped (Q7), and where stage 1 keeps its
 * variables.
 */
static bool is_booted_sector(const uint8_t *sector)
{
    const uint8_t *const booted = (const uint8_t *)(uintptr_t)LOW_STAGE1;
    return memcmp(sector, booted, MBR_BPB_OFFSET) == 0 &&
           memcmp(sector + MBR_CODE_OFFSET, booted + MBR_CODE_OFFSET,
                  SECTOR_BYTES - MBR_CODE_OFFSET) == 0;
}

/* Take another drive than the one *disk is, if it holds the booted sector. */
static bool take_drive(struct disk *disk, uint8_t drive, uint8_t *sector)
{
    struct disk other;

    if (drive == disk->drive)
        return false;
    disk_probe(&other, drive);
    if (disk_read(&other, 0, 1, sector) != BOOT_OK || !is_booted_sector(sector))
        return false;
    *disk = other;
    return true;
}

/*
 * See disk_probe.h. Other drives are asked only when the given one is wrong:
 * asking around makes some machines hang (Q29, Q34), and on others drives that
 * are not there answer (Q33). The BIOS's own word comes first: a floppy disk was
 * booted after all, though stage 1 found a stage 2 on the first hard disk (Q2).
 */
enum boot_status disk_confirm(struct disk *disk, uint8_t named, uint8_t *sector)
{
    if (disk->sector_bytes != 0 && disk->sector_bytes != SECTOR_BYTES)
        return BOOT_E_SECTOR_SIZE;

    const enum boot_status status = disk_read(disk, 0, 1, sector);
    if (status != BOOT_OK || is_booted_sector(sector) || take_drive(disk, named, sector))
        return status;

    for (unsigned drive = DRIVE_HARD_FIRST; drive <= DRIVE_HARD_LAST; drive++) {
        if (take_drive(disk, (uint8_t)drive, sector))
            return BOOT_OK;
    }
    return BOOT_E_WRONG_DISK;
}
