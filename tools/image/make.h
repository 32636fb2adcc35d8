/* SPDX-License-Identifier: MIT
 *
 * Making an image, from the options to the file under its name.
 */
#pragma once

#include "tools/image/options.h"

/* The exit status; what goes wrong ends the program. */
int image_make(const struct options *options);
