/* SPDX-License-Identifier: MIT
 *
 * See sector0.h. Spec: Microsoft FAT32 File System Specification 1.03, "Boot Sector and BPB".
 */
#include "tools/disk/sector0.h"

#include <string.h>

#include "base/bytes.h"

#define JUMP_SHORT       0xEB
#define JUMP_NEAR        0xE9
#define NOP              0x90
#define BPB_SECTOR_BYTES 0x0B
#define BPB_CLUSTER      0x0D
#define BPB_MEDIA        0x15
#define BPB_TRACK        0x18
#define BPB_HEADS        0x1A
#define MEDIA_REMOVABLE  0xF0
#define MEDIA_LEAST      0xF8
#define TRACK_MOST       63
#define HEADS_MOST       256
#define NAME_OFFSET      4 /* behind its first letter, which one form of the jump covers */
#define NAME             "OLDSTRT"
#define JUMP_BYTES       4

static const uint8_t usual_jump[] = { JUMP_SHORT, MBR_CODE_OFFSET - 2, NOP };
/* xor ax, ax in front of it: mkimage's --first-bytes nt (Q10). */
static const uint8_t nt_jump[JUMP_BYTES] = { 0x33, 0xC0, JUMP_SHORT, MBR_CODE_OFFSET - JUMP_BYTES };

static bool is_power_of_two_or_0(unsigned value)
{
    return (value & (value - 1)) == 0;
}

bool sector0_has_bpb(const uint8_t sector[SECTOR_BYTES])
{
    const uint8_t media = sector[BPB_MEDIA];
    const uint16_t track = load_le16(sector + BPB_TRACK);
    const uint16_t heads = load_le16(sector + BPB_HEADS);

    return ((sector[0] == JUMP_SHORT && sector[2] == NOP) || sector[0] == JUMP_NEAR) &&
           load_le16(sector + BPB_SECTOR_BYTES) == SECTOR_BYTES &&
           is_power_of_two_or_0(sector[BPB_CLUSTER]) &&
           (media == MEDIA_REMOVABLE || media >= MEDIA_LEAST) && track >= 1 &&
           track <= TRACK_MOST && heads >= 1 && heads <= HEADS_MOST;
}

bool sector0_is_coldstart(const uint8_t sector[SECTOR_BYTES])
{
    return memcmp(sector + NAME_OFFSET, NAME, sizeof(NAME) - 1) == 0 &&
           (memcmp(sector, usual_jump, sizeof(usual_jump)) == 0 ||
            memcmp(sector, nt_jump, sizeof(nt_jump)) == 0);
}

void sector0_compose(uint8_t made[SECTOR_BYTES], const uint8_t stage1[SECTOR_BYTES],
                     const uint8_t old[SECTOR_BYTES])
{
    memcpy(made, stage1, SECTOR_BYTES);
    if (sector0_is_coldstart(old))
        memcpy(made, old, MBR_CODE_OFFSET);
    else if (sector0_has_bpb(old))
        memcpy(made + MBR_BPB_OFFSET, old + MBR_BPB_OFFSET, MBR_CODE_OFFSET - MBR_BPB_OFFSET);
    memcpy(made + MBR_DISK_SIGNATURE, old + MBR_DISK_SIGNATURE, SECTOR_BYTES - MBR_DISK_SIGNATURE);
}
