/* SPDX-License-Identifier: MIT
 *
 * See say_refusal.h.
 */
#include "tools/disk/say_refusal.h"

#include "tools/disk/say.h"

bool say_refusal(const char *device, const struct refusal *refusal)
{
    const char *const joint = refusal->advice[0] == '\0' ? "" : "\n";

    return say_refused("%s: %s%s%s", device, refusal->what, joint, refusal->advice);
}
