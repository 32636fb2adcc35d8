/* SPDX-License-Identifier: MIT
 *
 * Have two volumes the same folders and files? mtools lists them; their contents are
 * compared by the loader's own reader, so that what copied them does not judge itself.
 */
#pragma once

#include "tools/disk/refusal.h"

/* What mtools' drive D: holds: names, sizes, times, attributes. The caller frees it. */
MUST_CHECK bool grow_compare_list(char **list, struct refusal *refusal);

/* Compare two such lists. False: *refusal names the first line that differs. */
MUST_CHECK bool grow_compare_lists(const char *old, const char *made, struct refusal *refusal);

/* Compare all bytes of each file that drive D: has, in two volumes. */
MUST_CHECK bool grow_compare_files(const char *old, const char *made, struct refusal *refusal);
