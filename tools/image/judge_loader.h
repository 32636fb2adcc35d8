/* SPDX-License-Identifier: MIT
 *
 * Is there a whole Coldstart loader on this disk: stage 1 and both copies of stage 2, of
 * one sealing? What stage 1 does is not run but done again here, with the same sums.
 */
#pragma once

#include "boot/stage1.h"
#include "kernel/core/blockdev.h"
#include "tools/image/check.h"

#define LOADER_COPIES 2

struct loader_copy {
    bool is_there;  /* it starts with COLDSTG2 */
    bool is_whole;  /* stage 1 would take it: its sums are right */
    bool is_paired; /* it is sealed with the stage 1 on this disk */
    uint32_t build_id;
};

struct loader_facts {
    struct stage1_parameters parameters;
    struct loader_copy copies[LOADER_COPIES];
    bool copies_equal;
    enum boot_status status;        /* BOOT_E_STAGE1 when that is the problem */
    char problem[CHECK_TEXT_BYTES]; /* why it does not start, as it would say it; "" */
};

/* True: it starts, from one copy at least. *facts is set in either case. */
MUST_CHECK bool loader_judge(const struct blockdev *device, struct loader_facts *facts);
