/* SPDX-License-Identifier: MIT
 *
 * The screen, as the BIOS drives it: the text mode that is there, and the
 * framebuffer that can be had. Spec: VBE Core Functions Standard 3.0.
 */
#pragma once

#include <stdbool.h>

#include "boot/boot_info.h"
#include "stage2/plan/video_mode.h"

/* What the screen shows now: text, and where its cursor is. */
struct boot_video vbe_text(void);

/*
 * The mode closest to the wish, and the number to set it by. False: the BIOS
 * has none. Sets nothing.
 */
bool vbe_find(const struct video_wish *wish, uint16_t *number, struct boot_video *mode);

/* Set a mode that vbe_find gave. False: the BIOS refused, and text is back. */
bool vbe_enter_graphics(uint16_t number);

/* Back to text, when graphics was entered. */
void vbe_leave_graphics(void);
