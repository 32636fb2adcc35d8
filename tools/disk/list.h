/* SPDX-License-Identifier: MIT
 *
 * The list of disks, the mode without a DEVICE.
 */
#pragma once

#include "base/compiler.h"
#include "tools/disk/request.h"

/* List every disk: what it is, what is on it, whether it can be written. Returns the exit status. */
MUST_CHECK int list_run(const struct request *request);
