/* SPDX-License-Identifier: MIT
 *
 * The text of coldstart.cfg for an image: the usual one, and what the options add.
 */
#pragma once

#include "tools/image/options.h"

struct config_make {
    char *text;
};

/* Start with the file `usual`, which names the kernel; another path replaces that line's. */
void config_begin(struct config_make *made, const char *usual, const char *kernel_path);

/* A line `key = value`. */
void config_add(struct config_make *made, const char *key, const char *value);
