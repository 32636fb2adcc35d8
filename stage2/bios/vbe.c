/* SPDX-License-Identifier: MIT
 *
 * See vbe.h. Nothing here is fatal: a BIOS without VBE, with an empty list or
 * without a linear mode leaves text (Q39).
 */
#include "stage2/bios/vbe.h"

#include "base/bytes.h"
#include "hw/vga.h"
#include "kernel/core/string.h"
#include "stage2/bios/bda.h"
#include "stage2/real/bios_call.h"

#define MODES_MAX         256 /* a list that does not end is cut here */
#define LOW_MIB           0x100000
#define SEGMENT_SHIFT     4
#define TEXT_CELL_BYTES   2
#define TEXT_MODE_MASK    0x7F /* bit 7 only says that the screen was not cleared */
#define TEXT_80X25_COLOUR 3
#define CURSOR_PAGES      8

/* The blocks in LOW_SCRATCH: the controller's, a mode's, and the mode numbers. */
#define SCRATCH_INFO 0
#define SCRATCH_MODE (SCRATCH_INFO + VBE_INFO_BYTES)

static bool in_graphics;

static uint8_t *scratch(unsigned offset)
{
    return (uint8_t *)(uintptr_t)(LOW_SCRATCH + offset);
}

/* One VBE function with ES:DI at `offset` in the scratch area. */
static bool vbe_call(uint32_t function, uint32_t ebx, uint32_t ecx, unsigned offset)
{
    struct bios_registers registers = {
        .eax = function,
        .ebx = ebx,
        .ecx = ecx,
        .edi = offset,
        .es = LOW_SCRATCH >> SEGMENT_SHIFT,
    };
    bios_call(INT_VIDEO, &registers);
    return (registers.eax & 0xFFFF) == VBE_OK;
}

static void set_text_mode(void)
{
    struct bios_registers registers = { .eax = INT10_SET_MODE | INT10_TEXT_80X25 };
    bios_call(INT_VIDEO, &registers);
}

/* A text mode other than 80x25 in colour is put right: that is what is promised. */
struct boot_video vbe_text(void)
{
    if ((bda_byte(BDA_VIDEO_MODE) & TEXT_MODE_MASK) != TEXT_80X25_COLOUR ||
        bda_word(BDA_VIDEO_COLUMNS) != VGA_TEXT_COLUMNS)
        set_text_mode();

    const unsigned page = bda_byte(BDA_ACTIVE_PAGE) % CURSOR_PAGES;
    const uint16_t start = bda_word(BDA_VIDEO_START);
    const uint8_t row = bda_byte(BDA_CURSORS + page * sizeof(uint16_t) + 1);
    return (struct boot_video){
        .kind = BOOT_VIDEO_TEXT,
        .width = VGA_TEXT_COLUMNS,
        .height = VGA_TEXT_ROWS,
        .pitch = VGA_TEXT_COLUMNS * TEXT_CELL_BYTES,
        .phys = VGA_TEXT_PHYS + (start < VGA_TEXT_BYTES ? start : 0U),
        .cursor_row = row < VGA_TEXT_ROWS ? row : VGA_TEXT_ROWS - 1,
    };
}

/*
 * The number at one place of the mode list, or the end when the list leaves the
 * first MiB.
 */
static uint16_t mode_at(uint32_t list, unsigned index)
{
    const uintptr_t at = list + index * sizeof(uint16_t);
    return at + sizeof(uint16_t) <= LOW_MIB ? bda_word(at) : VBE_MODE_LIST_END;
}

/* A BIOS may have no VBE, no mode, or none that is linear: false (Q39). */
bool vbe_find(const struct video_wish *wish, uint16_t *number, struct boot_video *mode)
{
    uint8_t *const info = scratch(SCRATCH_INFO);
    uint8_t *const block = scratch(SCRATCH_MODE);
    bool found = false;

    memset(info, 0, VBE_INFO_BYTES);
    *(uint32_t *)(void *)info = VBE_SIGNATURE_ASK;
    if (!vbe_call(VBE_GET_INFO, 0, 0, SCRATCH_INFO) ||
        load_le32(info + VBE_INFO_SIGNATURE) != VBE_SIGNATURE ||
        load_le16(info + VBE_INFO_VERSION) < VBE_VERSION_2)
        return false;

    const uint16_t version = load_le16(info + VBE_INFO_VERSION);
    const uint32_t list = ((uint32_t)load_le16(info + VBE_INFO_MODES + 2) << SEGMENT_SHIFT) +
                          load_le16(info + VBE_INFO_MODES);
    for (unsigned i = 0; i < MODES_MAX && mode_at(list, i) != VBE_MODE_LIST_END; i++) {
        struct boot_video candidate;
        memset(block, 0, VBE_MODE_BYTES);
        if (vbe_call(VBE_GET_MODE_INFO, 0, mode_at(list, i), SCRATCH_MODE) &&
            video_mode_parse(block, version, &candidate) &&
            video_mode_is_better(wish, &candidate, found ? mode : NULL)) {
            *mode = candidate;
            *number = mode_at(list, i);
            found = true;
        }
    }
    return found;
}

/*
 * The BIOS's teletype does not work in these modes: the screen falls silent. A
 * mode from the list may be refused all the same (Q39).
 */
bool vbe_enter_graphics(uint16_t number)
{
    in_graphics = true;
    exchange.console &= (uint8_t)~CONSOLE_SCREEN;
    if (vbe_call(VBE_SET_MODE, number | VBE_SET_MODE_LINEAR, 0, SCRATCH_MODE))
        return true;
    vbe_leave_graphics();
    return false;
}

void vbe_leave_graphics(void)
{
    if (!in_graphics)
        return;
    in_graphics = false;
    set_text_mode();
    exchange.console |= CONSOLE_SCREEN;
}
