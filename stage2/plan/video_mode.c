/* SPDX-License-Identifier: MIT
 *
 * See video_mode.h.
 */
#include "stage2/plan/video_mode.h"

#include <stddef.h>

#include "base/bytes.h"

#define BITS_24       24
#define BITS_32       32
#define BITS_PER_BYTE 8
#define COLOUR_BITS   8        /* of each colour at most: that is what a byte holds */
#define ONE_MIB       0x100000 /* no linear framebuffer lies below */

#define NEEDED_ATTRIBUTES                                                                          \
    (VBE_ATTRIBUTE_USABLE | VBE_ATTRIBUTE_COLOUR | VBE_ATTRIBUTE_GRAPHICS | VBE_ATTRIBUTE_LINEAR)

/* A colour's place must lie inside the pixel. */
static bool colour_fits(const uint8_t *mask, uint8_t bits_per_pixel)
{
    const uint8_t bits = mask[0];
    const uint8_t shift = mask[1];
    return bits != 0 && bits <= COLOUR_BITS && shift <= bits_per_pixel - bits;
}

/*
 * See video_mode.h. From VBE 3.0 on a linear mode has a pitch and masks of its
 * own; a BIOS that leaves that pitch 0 means the older fields.
 *
 * block  as the BIOS filled it; nothing in it is trusted
 * mode   written only when true is returned
 */
bool video_mode_parse(const uint8_t block[VBE_MODE_BYTES], uint16_t vbe_version,
                      struct boot_video *mode)
{
    const uint8_t bits = block[VBE_MODE_BITS];
    if ((load_le16(block + VBE_MODE_ATTRIBUTES) & NEEDED_ATTRIBUTES) != NEEDED_ATTRIBUTES ||
        block[VBE_MODE_MODEL] != VBE_MODEL_DIRECT || block[VBE_MODE_PLANES] > 1 ||
        (bits != BITS_24 && bits != BITS_32))
        return false;

    const uint16_t linear_pitch = load_le16(block + VBE_MODE_LINEAR_PITCH);
    const bool linear_fields = vbe_version >= VBE_VERSION_3 && linear_pitch != 0;
    const uint8_t *masks = block + (linear_fields ? VBE_MODE_LINEAR_MASKS : VBE_MODE_MASKS);
    const uint32_t pitch = linear_fields ? linear_pitch : load_le16(block + VBE_MODE_PITCH);
    const uint32_t width = load_le16(block + VBE_MODE_WIDTH);
    const uint32_t height = load_le16(block + VBE_MODE_HEIGHT);
    const uint64_t phys = load_le32(block + VBE_MODE_PHYS);
    if (width == 0 || height == 0 || pitch < width * (bits / BITS_PER_BYTE) || phys < ONE_MIB ||
        !colour_fits(masks, bits) || !colour_fits(masks + 2, bits) || !colour_fits(masks + 4, bits))
        return false;
    /* The last byte stays below 4 GiB, or the address is not what it seems. */
    if ((uint64_t)pitch * height - 1 > UINT32_MAX - phys)
        return false;

    *mode = (struct boot_video){
        .kind = BOOT_VIDEO_FRAMEBUFFER,
        .width = width,
        .height = height,
        .pitch = pitch,
        .phys = phys,
        .bits_per_pixel = bits,
        .red_bits = masks[0],
        .red_shift = masks[1],
        .green_bits = masks[2],
        .green_shift = masks[3],
        .blue_bits = masks[4],
        .blue_shift = masks[5],
    };
    return true;
}

/*
 * The rules, in this order. Never wider or higher than asked: the screen may
 * not show it. More pixels are closer. Of equal size, the depth that was asked
 * for is closer, then 32 bits. Of equals the first stays.
 */
bool video_mode_is_better(const struct video_wish *wish, const struct boot_video *candidate,
                          const struct boot_video *best)
{
    if (candidate->width > wish->width || candidate->height > wish->height)
        return false;
    if (best == NULL)
        return true;

    const uint64_t pixels = (uint64_t)candidate->width * candidate->height;
    const uint64_t best_pixels = (uint64_t)best->width * best->height;
    if (pixels != best_pixels)
        return pixels > best_pixels;
    if (candidate->bits_per_pixel == best->bits_per_pixel || best->bits_per_pixel == wish->bits)
        return false;
    return candidate->bits_per_pixel == wish->bits || candidate->bits_per_pixel == BITS_32;
}
