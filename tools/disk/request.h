/* SPDX-License-Identifier: MIT
 *
 * What the command line asked for. Filled in by options.c, read by the modes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum request_mode { REQUEST_LIST, REQUEST_WRITE, REQUEST_INSTALL, REQUEST_UNINSTALL, REQUEST_GROW };

struct request {
    enum request_mode mode;
    const char *device;
    const char *image;           /* as given, else that of the build; may be missing */
    const char *saved;           /* --saved FILE, else NULL */
    const char *stage1, *stage2; /* as given, else those of the build */
    const char *serial;          /* --yes SERIAL, else NULL: the device's name is asked for */
    bool file_allowed, dry_run, json, no_eject;
    uint64_t least_bytes; /* a mode may set it in a copy: a smaller target is refused */
};
