/* SPDX-License-Identifier: MIT
 *
 * A kernel that is a file of this machine, judged as if it lay on the boot volume.
 */
#pragma once

#include "tools/image/judge_kernel.h"

#define KERNEL_USUAL_PATH "/boot/kernel.elf"

/*
 * path        the file; it is read only
 * name, line  its path on the volume, and the line of coldstart.cfg that says so (0: none)
 */
MUST_CHECK bool kernel_file_judge(const char *path, const char *name, unsigned line,
                                  struct kernel_facts *facts, struct check_report *report);
