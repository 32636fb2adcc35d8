/* SPDX-License-Identifier: MIT
 *
 * Small tests for the sweep to find something in: all but the first are wrong in
 * one way each.
 */
#pragma once

#include "kernel/proof/claims.h"

/* A frame, two blocks, and the heap's own frame for these, all of which may fail. */
void sweep_made_right(struct claims *claims);

/* Without its second frame it keeps the first; without its frame a block. */
void sweep_made_keeps_frame(struct claims *claims);
void sweep_made_keeps_block(struct claims *claims);

/* Keeps its frame in any case. */
void sweep_made_always_keeps(struct claims *claims);

/* Writes to a block that is not there. */
void sweep_made_trusts(struct claims *claims);

/* Without its frame it leaves the checking of frames as it is not. */
void sweep_made_forgets(struct claims *claims);

/* Not wrong, but chooses the allocation that fails. */
void sweep_made_chooses(struct claims *claims);

/* What the wrong ones left behind goes back. */
void sweep_made_mend(void);
