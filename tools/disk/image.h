/* SPDX-License-Identifier: MIT
 *
 * The image that is to be written.
 */
#pragma once

#include "base/compiler.h"
#include "tools/disk/device.h"

/*
 * Open an image for reading, if it is one: whole sectors, stage 1 with 55 AA, and
 * stage 2 in both places that stage 1's parameters name. False: said already.
 */
MUST_CHECK bool image_open(const char *path, struct device *image);
