/* SPDX-License-Identifier: MIT
 *
 * Any bytes as what another loader hands over: the first byte chooses Multiboot2
 * or PVH, the rest is all the memory there is. What is read must end its texts;
 * the map that comes of it must be sorted, and the kernel's where it is.
 */
#include <stdlib.h>
#include <string.h>

#include "hw/paging.h"
#include "kernel/foreign/judge.h"
#include "kernel/foreign/multiboot2.h"
#include "kernel/foreign/pvh.h"
#include "tests/unit/foreign_memory.h"

#define BLOCK_PHYS 0x10000
#define RANGES_MAX 600

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool claim)
{
    if (!claim)
        abort();
}

static void require_ended(const char *text, size_t room)
{
    require(memchr(text, '\0', room) != NULL);
}

static void judge(const struct foreign_facts *facts)
{
    static struct boot_memory_range ranges[RANGES_MAX];
    struct memory_map map = { .ranges = ranges, .capacity = RANGES_MAX };
    const struct phys_range kernel = { 0x200000, 0x2FFFFF };
    enum boot_memory_type type;

    if (foreign_judge(facts, kernel, &map) != NULL)
        return;
    for (uint32_t i = 0; i < map.count; i++) {
        require(ranges[i].first % PAGE_BYTES == 0 && ranges[i].first < ranges[i].last);
        require(i == 0 || ranges[i - 1].last < ranges[i].first);
    }
    require(memory_map_type_at(&map, kernel.first, &type) && type == BOOT_MEMORY_KERNEL);
    require(memory_map_type_at(&map, kernel.last, &type) && type == BOOT_MEMORY_KERNEL);
    if (facts->video.kind != 0)
        (void)foreign_video_is_apart(&facts->video, &map);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct foreign_facts facts;
    if (bytes == 0)
        return 0;
    struct foreign_block block = foreign_block_of(BLOCK_PHYS, data + 1, bytes - 1);
    const struct foreign_reader reader = foreign_block_reader(&block);
    const char *wrong = (data[0] & 1) != 0 ? pvh_read(&reader, BLOCK_PHYS, &facts)
                                           : multiboot2_read(&reader, BLOCK_PHYS, &facts);
    if (wrong == NULL) {
        require(facts.memory_count <= FOREIGN_MEMORY_MAX);
        require(facts.module_count <= FOREIGN_MODULES_MAX);
        require_ended(facts.command_line, sizeof(facts.command_line));
        require_ended(facts.loader, sizeof(facts.loader));
        for (uint32_t i = 0; i < facts.module_count; i++)
            require_ended(facts.modules[i].name, sizeof(facts.modules[i].name));
        judge(&facts);
    }
    free(block.data);
    return 0;
}
