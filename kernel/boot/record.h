/* SPDX-License-Identifier: MIT
 *
 * The firmware record: all that the firmware answered, as lines of text that a
 * program can read back. Spec: docs/firmware-record.md.
 */
#pragma once

struct format_sink;

/* Write the record, one whole line in each call of the sink. */
void record_write(const struct format_sink *sink);

/* Write it to the console, or that there is none: another loader has booted us. */
void record_print(void);
