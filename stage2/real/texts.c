/* SPDX-License-Identifier: MIT
 *
 * The sentences of the status codes for the 16-bit parts: one array each, named
 * text_BOOT_E_..., so that no sentence is written twice. The linker keeps those
 * that NASM names, below 64 KiB, and drops the others.
 */
#include "boot/status.h"

#define TEXT_ARRAY(code, name, sentence) const char text_##name[] = sentence;
BOOT_STATUS_LIST(TEXT_ARRAY)
