/* SPDX-License-Identifier: MIT
 *
 * The mode that writes an image to a whole disk.
 */
#pragma once

#include "base/compiler.h"
#include "tools/disk/request.h"

/* Write request->image to request->device and verify it. Returns the exit status. */
MUST_CHECK int write_run(const struct request *request);
