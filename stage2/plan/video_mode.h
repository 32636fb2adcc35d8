/* SPDX-License-Identifier: MIT
 *
 * Reads a VBE mode block, and decides which of two modes is closer to what was
 * asked for. Sets no mode.
 * Spec: VBE Core Functions Standard 3.0, section 4.4.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "boot/boot_info.h"
#include "hw/vbe.h"

struct video_wish {
    uint32_t width, height; /* pixels */
    uint8_t bits;           /* per pixel */
};

/* The mode as a framebuffer; false: not a linear direct-colour one of 24 or 32 bits. */
bool video_mode_parse(const uint8_t block[VBE_MODE_BYTES], uint16_t vbe_version,
                      struct boot_video *mode);

/* Is `candidate` acceptable and closer to the wish than `best` (NULL: nothing yet)? */
bool video_mode_is_better(const struct video_wish *wish, const struct boot_video *candidate,
                          const struct boot_video *best);
