/* SPDX-License-Identifier: MIT
 *
 * Measurements of the kernel's own work, as lines `bench NAME VALUE UNIT`.
 * Ticks of the time stamp counter mean instructions where QEMU runs with
 * -icount, and nothing comparable elsewhere.
 */
#pragma once

void bench_run(void);
