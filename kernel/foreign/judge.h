/* SPDX-License-Identifier: MIT
 *
 * From another loader's list of memory to a map that memory can be taken from,
 * with the kernel and the modules in it. Asks nobody, maps nothing.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/range.h"
#include "kernel/core/memory_map.h"
#include "kernel/foreign/facts.h"

/*
 * Fill the caller's empty map. `kernel`: whole pages, where the kernel lies.
 * NULL, or the sentence that says what is wrong; then the map has no meaning.
 */
MUST_CHECK const char *foreign_judge(const struct foreign_facts *facts, struct phys_range kernel,
                                     struct memory_map *map);

/* May the framebuffer be mapped? Not where the map has memory of any use. */
bool foreign_video_is_apart(const struct boot_video *video, const struct memory_map *map);
