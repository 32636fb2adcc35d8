/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a kernel file. A plan that is made must keep every
 * promise of elf64_make_plan; then the file is loaded into memory of just the
 * planned size and relocated, with AddressSanitizer at its edges. Its notes
 * are read in the same way.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/boot_info.h"
#include "hw/elf64.h"
#include "hw/paging.h"
#include "kernel/core/elf64.h"

#define MEMORY_MAX 0x40000 /* larger plans are judged, not loaded */

#define REQUIRE(claim)                                                                             \
    do {                                                                                           \
        if (!(claim))                                                                              \
            abort();                                                                               \
    } while (0)

/* May a kernel have this byte? Said once more, in other words than the judge's. */
static bool address_is_allowed(uint64_t virt)
{
    const uint64_t high = virt >> 47;
    if (high != 0 && high != 0x1FFFF)
        return false;
    return virt >= PAGE_BYTES && !(virt >= BOOT_DIRECT_MAP_BASE && virt <= BOOT_DIRECT_MAP_LAST) &&
           !(virt >= BOOT_HANDOFF_BASE && virt <= BOOT_HANDOFF_LAST);
}

static void require_sound_segment(const struct elf64_plan *plan, uint32_t index, size_t file_bytes)
{
    const struct elf64_segment *segment = &plan->segments[index];
    REQUIRE(segment->file_offset + segment->file_bytes >= segment->file_offset);
    REQUIRE(segment->file_offset + segment->file_bytes <= file_bytes);
    REQUIRE(segment->memory_bytes >= 1 && segment->memory_bytes >= segment->file_bytes);
    REQUIRE(segment->page_virt % PAGE_BYTES == 0 && segment->page_bytes % PAGE_BYTES == 0);
    REQUIRE(segment->virt - segment->page_virt < PAGE_BYTES);
    const uint64_t last = segment->virt + segment->memory_bytes - 1;
    const uint64_t page_last = segment->page_virt + segment->page_bytes - 1;
    REQUIRE(last >= segment->virt && page_last >= last && page_last - last < PAGE_BYTES);
    REQUIRE((segment->flags & 3) != 3);
    const uint64_t first = segment->page_virt + plan->slide;
    REQUIRE(address_is_allowed(first) && address_is_allowed(page_last + plan->slide));
    REQUIRE(page_last + plan->slide >= first);
    REQUIRE((first <= BOOT_DIRECT_MAP_BASE) == (page_last + plan->slide <= BOOT_DIRECT_MAP_BASE));
    REQUIRE((first <= BOOT_HANDOFF_BASE) == (page_last + plan->slide <= BOOT_HANDOFF_BASE));
    REQUIRE(segment->page_virt >= plan->pages.first && page_last <= plan->pages.last);
    for (uint32_t i = 0; i < index; i++) {
        const struct elf64_segment *other = &plan->segments[i];
        REQUIRE(other->page_virt > page_last ||
                segment->page_virt > other->page_virt + (other->page_bytes - 1));
    }
}

static void require_sound(const struct elf64_plan *plan, size_t file_bytes)
{
    bool entry_is_code = false;
    REQUIRE(plan->segment_count >= 1 && plan->segment_count <= ELF64_MAX_SEGMENTS);
    REQUIRE(plan->is_dynamic || plan->slide == 0);
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        const struct elf64_segment *segment = &plan->segments[i];
        require_sound_segment(plan, i, file_bytes);
        if (plan->entry - segment->virt < segment->memory_bytes)
            entry_is_code = (segment->flags & ELF_PF_X) != 0;
    }
    REQUIRE(entry_is_code);
}

/* Load and relocate; AddressSanitizer and UBSan are the judges. */
static void load(const struct elf64_plan *plan, const uint8_t *data)
{
    struct elf64_image image;
    struct elf64_problem problem = { .what = NULL };
    uint64_t total = 0;
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        if (plan->segments[i].page_bytes > MEMORY_MAX)
            return;
        total += plan->segments[i].page_bytes;
    }
    if (total > MEMORY_MAX)
        return;
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        const struct elf64_segment *segment = &plan->segments[i];
        image.pages[i] = calloc(1, segment->page_bytes);
        REQUIRE(image.pages[i] != NULL);
        memcpy(image.pages[i] + (segment->virt - segment->page_virt), data + segment->file_offset,
               segment->file_bytes);
    }
    const enum boot_status status = elf64_relocate(plan, &image, plan->slide, &problem);
    REQUIRE(status == BOOT_OK || (status == BOOT_E_ELF_DYNAMIC && problem.what != NULL));
    for (uint32_t i = 0; i < plan->segment_count; i++)
        free(image.pages[i]);
}

/* The notes, each in memory of just its size; whatever they are, the walk over them ends. */
static void read_notes(const struct elf64_header_plan *header, const uint8_t *data)
{
    struct elf64_problem problem = { .what = NULL };
    struct boot_requirements needs;
    struct elf64_notes notes;
    bool found = false;
    uint32_t next = 0, before;
    do {
        before = next;
        enum boot_status status =
            elf64_plan_notes(header, data + header->program_offset, &next, &notes, &problem);
        REQUIRE((status == BOOT_OK) == (problem.what == NULL));
        if (status != BOOT_OK)
            return;
        REQUIRE(next <= header->program_count && notes.bytes <= BOOT_NOTES_MAX_BYTES);
        REQUIRE(notes.bytes == 0 || (next > before && notes.file_offset <= header->file_bytes &&
                                     notes.bytes <= header->file_bytes - notes.file_offset));
        uint8_t *const bytes = malloc(notes.bytes);
        REQUIRE(bytes != NULL || notes.bytes == 0);
        if (notes.bytes != 0)
            memcpy(bytes, data + notes.file_offset, notes.bytes);
        status = elf64_find_requirements(&notes, bytes, &found, &needs, &problem);
        free(bytes);
        REQUIRE((status == BOOT_OK) == (problem.what == NULL));
        if (status != BOOT_OK)
            return;
    } while (notes.bytes != 0);
    REQUIRE(next == header->program_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct elf64_header_plan header;
    struct elf64_plan plan;
    struct elf64_problem problem = { .what = NULL };
    if (elf64_parse_header(data, size, &header) != BOOT_OK)
        return 0;
    REQUIRE(header.program_count >= 1 && header.program_count <= ELF64_MAX_PROGRAM_HEADERS);
    REQUIRE(header.program_offset <= size &&
            header.program_count * ELF64_PROGRAM_ENTRY_BYTES <= size - header.program_offset);
    read_notes(&header, data);
    if (elf64_make_plan(&header, data + header.program_offset, &plan, &problem) != BOOT_OK) {
        REQUIRE(problem.what != NULL);
        return 0;
    }
    require_sound(&plan, size);
    load(&plan, data);
    return 0;
}
