/* SPDX-License-Identifier: MIT
 *
 * The two kinds of screen. Each says whether the loader's choice is its own
 * and whether its memory is really there, and mapped.
 */
#pragma once

#include <stdbool.h>

#include "kernel/dev/screen.h"

bool screen_text_begin(const struct boot_video *video, struct screen_backend *backend);
bool screen_framebuffer_begin(const struct boot_video *video, struct screen_backend *backend);
