/* SPDX-License-Identifier: MIT
 *
 * Judge a disk, an image of one, or a kernel as the loader will: with the loader's
 * own code where it decides, and in its own words. Writes nothing, prints nothing.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "boot/status.h"
#include "kernel/core/blockdev.h"

/* A path of the volume is 255 bytes at most; what else there is in a line is shorter. */
#define CHECK_TEXT_BYTES 512

/* What the loader would say; the sentence of a status is reason_text's. */
struct check_report {
    enum boot_status status;     /* BOOT_OK: nothing is wrong */
    char text[CHECK_TEXT_BYTES]; /* what follows the sentence: where, and which number */
};

/*
 * Judge the table of partitions, the volume, coldstart.cfg, the kernel, the modules and
 * the checksums of a disk; not the loader on it. True: the loader will boot this. The
 * drive is spoken of as 80h.
 */
MUST_CHECK bool check_disk(const struct blockdev *device, struct check_report *report);

/* Judge a file of this machine as the kernel that usually is /boot/kernel.elf. */
MUST_CHECK bool check_kernel(const char *path, struct check_report *report);

/* The loader's line without its "coldstart: ", for example "error E59: sentence, details". */
void check_line(const struct check_report *report, char *line, size_t room);
