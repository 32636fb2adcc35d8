/* SPDX-License-Identifier: MIT
 *
 * Where anything that the loader takes may lie: above what a BIOS walks, and where
 * its own page tables reach. Data only.
 */
#pragma once

#define TAKEN_FIRST 0x100000ULL
#define TAKEN_LAST  0xFFFFFFFFULL
