/* SPDX-License-Identifier: MIT
 *
 * The interrupt descriptor table: all 256 vectors, each with a handler.
 */
#pragma once

/* Fill and load the IDT. The TSS must be loaded: some gates use its stacks. */
void vectors_begin(void);
