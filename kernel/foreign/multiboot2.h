/* SPDX-License-Identifier: MIT
 *
 * Reads a Multiboot2 information block. Believes nothing: a tag that leaves the
 * block, a list without an end or more than there is room for is refused.
 * Spec: The Multiboot2 Specification version 2.0, section 3.6.
 */
#pragma once

#include "base/compiler.h"
#include "kernel/foreign/facts.h"

/*
 * Fill *facts from the block at `phys`. NULL, or the sentence that says what is
 * wrong with it; then *facts has no meaning.
 */
MUST_CHECK const char *multiboot2_read(const struct foreign_reader *reader, uint64_t phys,
                                       struct foreign_facts *facts);
