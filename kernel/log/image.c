/* SPDX-License-Identifier: MIT
 *
 * See image.h. In front of the text lies what other loaders look for, in its first page.
 */
#include "kernel/log/image.h"

#include <stddef.h>

const struct image_section image_sections[IMAGE_SECTIONS] = {
    { .name = "text", .first = kernel_base, .end = kernel_text_end, .executable = true },
    { .name = "rodata", .first = kernel_rodata_first, .end = kernel_rodata_end },
    { .name = "data", .first = kernel_data_first, .end = kernel_data_end, .writable = true },
    { .name = "symbols", .first = kernel_symbols_first, .end = kernel_symbols_end },
};

const struct image_section *image_section_of(uint64_t address)
{
    for (unsigned i = 0; i < IMAGE_SECTIONS; i++) {
        const struct image_section *section = &image_sections[i];
        if (address >= (uint64_t)section->first && address < (uint64_t)section->end)
            return section;
    }
    return NULL;
}
