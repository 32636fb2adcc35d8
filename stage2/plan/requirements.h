/* SPDX-License-Identifier: MIT
 *
 * Judges what a kernel says it cannot do without (boot/requirements.h) against
 * what there is. Asks no machine: whoever has one, or plays one, says what is
 * there. The sentence's own part, behind the kernel's name, is made here.
 */
#pragma once

#include <stdint.h>

#include "base/compiler.h"
#include "boot/requirements.h"
#include "boot/status.h"

/* What is chosen for the screen is known only once it is chosen. */
#define REQUIREMENTS_VIDEO (BOOT_FEATURE_TEXT | BOOT_FEATURE_FRAMEBUFFER)

#define REQUIREMENTS_TEXT_SIZE 96 /* counts the NUL */

struct requirements_text {
    char text[REQUIREMENTS_TEXT_SIZE];
};

/* Is it a kernel for this loader, on whatever machine? *text is set only on a failure. */
MUST_CHECK enum boot_status requirements_check_loader(const struct boot_requirements *needs,
                                                      struct requirements_text *text);

/* Has the machine the memory? `usable_kib` is what is usable before anything is loaded. */
MUST_CHECK enum boot_status requirements_check_memory(const struct boot_requirements *needs,
                                                      uint64_t usable_kib,
                                                      struct requirements_text *text);

/* Of the features in `judged`, is each one that is needed in `present`? */
MUST_CHECK enum boot_status requirements_check_features(const struct boot_requirements *needs,
                                                        uint64_t judged, uint64_t present,
                                                        struct requirements_text *text);
