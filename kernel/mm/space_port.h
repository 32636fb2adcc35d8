/* SPDX-License-Identifier: MIT
 *
 * Where page tables come from: frames, reached through the direct map. For the
 * files of space.h.
 */
#pragma once

#include "kernel/core/page_table.h"

extern const struct page_table_port space_port;
