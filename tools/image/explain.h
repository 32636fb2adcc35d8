/* SPDX-License-Identifier: MIT
 *
 * mkimage --check: what the loader would do with a kernel, an image or a disk, and why it
 * would not.
 */
#pragma once

#include <stdbool.h>

/* Print it, as text or JSON. Returns the exit status: 0 it boots, 1 it does not. */
int explain(const char *path, bool json);

/* End the program if the loader would refuse this kernel, with its words; else return. */
void explain_refused_kernel(const char *path);
