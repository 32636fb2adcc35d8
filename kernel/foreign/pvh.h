/* SPDX-License-Identifier: MIT
 *
 * Reads a PVH start info and what it points to. Believes nothing.
 * Spec: Xen, "x86/HVM direct boot ABI", arch-x86/hvm/start_info.h.
 */
#pragma once

#include "base/compiler.h"
#include "kernel/foreign/facts.h"

/*
 * Fill *facts from the start info at `phys`. NULL, or the sentence that says
 * what is wrong with it; then *facts has no meaning.
 */
MUST_CHECK const char *pvh_read(const struct foreign_reader *reader, uint64_t phys,
                                struct foreign_facts *facts);
