/* SPDX-License-Identifier: MIT
 *
 * What the kernel was told, as tables of at most 80 columns. Prints only.
 */
#pragma once

void report_version(void);
void report_cpu(void);
void report_paging(void);   /* also the audit: panics when it fails */
void report_mappings(void); /* all that is mapped, as runs */
void report_memory(void);   /* the map as judged */
void report_frames(void);   /* what is free of it now */
void report_e820(void);     /* the map as reported */
void report_firmware(void); /* the other answers */
void report_modules(void);  /* nothing is printed when there are none */
void report_timeline(void);
