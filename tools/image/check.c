/* SPDX-License-Identifier: MIT
 *
 * See check.h.
 */
#include "tools/image/check.h"

#include <stdlib.h>

#include "tools/image/judge_disk.h"
#include "tools/image/judge_file.h"

bool check_disk(const struct blockdev *device, struct check_report *report)
{
    struct disk_facts *const facts = malloc(sizeof(*facts));

    if (facts == NULL)
        abort();
    const bool good = disk_judge(device, facts, report);
    free(facts);
    return good;
}

bool check_kernel(const char *path, struct check_report *report)
{
    struct kernel_facts facts;
    return kernel_file_judge(path, KERNEL_USUAL_PATH, 0, &facts, report);
}
