/* SPDX-License-Identifier: MIT
 *
 * An image that is made but has no name yet: what is known of it, the loader's judgement,
 * the report.
 */
#pragma once

#include "tools/image/contents.h"
#include "tools/image/layout.h"
#include "tools/image/options.h"
#include "tools/image/stages.h"

struct making {
    struct stages stages;
    struct contents contents;
    struct layout layout;
    uint64_t kernel_bytes; /* of the file, before anything is stripped; the first of the contents */
    char *checksums;       /* lines of coldstart.cfg */
    char *raw;             /* the path of the image while it is made */
};

/* What the loader would refuse ends the program, unless --force: then it is a warning. */
void made_judge(const struct options *options, const struct making *making);

/* Tell what was made: a line, or JSON. */
void made_report(const struct options *options, const struct making *making);
