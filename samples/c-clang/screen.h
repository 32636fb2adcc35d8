/* SPDX-License-Identifier: MIT
 *
 * The screen as the loader left it: text, or a framebuffer.
 */
#pragma once

struct boot_info;

/* Go on below the loader's text; or paint a framebuffer, to show that it is one. */
void screen_start(const struct boot_info *boot);

/* One more letter, where there is text; LF begins a new row. */
void screen_put(char letter);
