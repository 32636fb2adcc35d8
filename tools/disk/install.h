/* SPDX-License-Identifier: MIT
 *
 * The loader onto a disk that has partitions, and away from it again.
 */
#pragma once

#include "tools/disk/request.h"

/* tools/write --install DEVICE: returns the program's exit status; all is said. */
int install_run(const struct request *request);

/* tools/write --uninstall DEVICE --saved FILE: the same. */
int uninstall_run(const struct request *request);
