/* SPDX-License-Identifier: MIT
 *
 * A judge's refusal, said.
 */
#pragma once

#include "tools/disk/refusal.h"

/* Say it of this device, the advice below it. Always false. */
bool say_refusal(const char *device, const struct refusal *refusal);
