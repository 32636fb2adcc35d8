/* SPDX-License-Identifier: MIT
 *
 * boot_info from what another loader tells. What only a BIOS boot of our own
 * loader knows stays 0: the firmware's answers, the build id, the file's length,
 * the timeline.
 */
#include "boot/kernel_place.h"
#include "hw/cpu.h"
#include "hw/vga.h"
#include "kernel/arch/x86_64/cpu.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/ports.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/boot/foreign_build.h"
#include "kernel/core/firmware_tables.h"
#include "kernel/core/format.h"
#include "kernel/core/seed.h"
#include "kernel/core/string.h"
#include "kernel/log/image.h"

/* Where a BIOS keeps both. Spec: ACPI 6.4, section 5.2.5.1; SMBIOS 3.4, section 5.2. */
#define RSDP_ROM         0xE0000
#define RSDP_ROM_BYTES   0x20000
#define SMBIOS_ROM       0xF0000
#define SMBIOS_ROM_BYTES 0x10000

#define TEXT_CELL_BYTES 2
#define SPARE_RANGES    2 /* what taking the lists can add to the map */

/* What boot_info points to, in one piece; the memory map's ranges follow. */
struct lists {
    struct boot_info info;
    struct boot_e820_answer e820[FOREIGN_MEMORY_MAX];
    struct boot_module modules[FOREIGN_MODULES_MAX];
    struct boot_segment segments[FOREIGN_SEGMENTS];
    uint8_t rsdp[RSDP_V2_BYTES];
    char names[FOREIGN_MODULES_MAX][FOREIGN_NAME_BYTES];
    char command_line[FOREIGN_COMMAND_BYTES];
    struct boot_memory_range ranges[] ALIGNED(8);
};

static uint64_t phys_of(const void *pointer)
{
    return (uint64_t)pointer - BOOT_DIRECT_MAP_BASE;
}

static void copy_modules(const struct foreign_build *build, struct lists *lists)
{
    lists->info.module_count = build->facts.module_count;
    lists->info.module_phys = phys_of(lists->modules);
    for (uint32_t i = 0; i < build->facts.module_count; i++) {
        const char *name = build->facts.modules[i].name;
        if (name[0] != '\0')
            format_string(lists->names[i], FOREIGN_NAME_BYTES, "%s", name);
        else
            format_string(lists->names[i], FOREIGN_NAME_BYTES, "module%u", i);
        lists->modules[i] = build->modules[i];
        lists->modules[i].name_phys = phys_of(lists->names[i]);
    }
}

/* The map as it was told; of a call that was not made there is nothing to keep. */
static void copy_memory(const struct foreign_build *build, struct lists *lists)
{
    struct boot_info *info = &lists->info;
    info->e820_count = build->facts.memory_count;
    info->e820_phys = phys_of(lists->e820);
    for (uint32_t i = 0; i < info->e820_count; i++)
        lists->e820[i] = (struct boot_e820_answer){ .base = build->facts.memory[i].base,
                                                    .length = build->facts.memory[i].length,
                                                    .type = build->facts.memory[i].type };
    info->memory_count = build->map.count;
    info->memory_phys = phys_of(lists->ranges);
    memcpy(lists->ranges, build->map.ranges, build->map.count * sizeof(lists->ranges[0]));
}

/* As told, else where a BIOS has it. */
static uint64_t rsdp_phys(const struct foreign_facts *facts, struct lists *lists)
{
    size_t offset;
    if (facts->rsdp_phys != 0)
        return facts->rsdp_phys;
    if (facts->rsdp_bytes != 0) {
        memcpy(lists->rsdp, facts->rsdp, facts->rsdp_bytes);
        return phys_of(lists->rsdp);
    }
    return firmware_find_rsdp(direct_map_at(RSDP_ROM), RSDP_ROM_BYTES, &offset) ? RSDP_ROM + offset
                                                                                : 0;
}

static uint64_t smbios_phys(void)
{
    size_t offset;
    return firmware_find_smbios(direct_map_at(SMBIOS_ROM), SMBIOS_ROM_BYTES, &offset)
               ? SMBIOS_ROM + offset
               : 0;
}

static uint16_t cursor_position(void)
{
    port_write8(VGA_CRTC_INDEX, VGA_CRTC_CURSOR_HIGH);
    const uint8_t high = port_read8(VGA_CRTC_DATA);
    port_write8(VGA_CRTC_INDEX, VGA_CRTC_CURSOR_LOW);
    return (uint16_t)(high << 8 | port_read8(VGA_CRTC_DATA));
}

/* Who says nothing of the screen leaves it as the BIOS does, in text. */
static struct boot_video video_of(const struct foreign_build *build)
{
    struct boot_video video = build->video;
    if (video.kind == BOOT_VIDEO_FRAMEBUFFER)
        return video;
    const unsigned row = cursor_position() / VGA_TEXT_COLUMNS;
    return (struct boot_video){
        .kind = BOOT_VIDEO_TEXT,
        .width = VGA_TEXT_COLUMNS,
        .height = VGA_TEXT_ROWS,
        .pitch = VGA_TEXT_COLUMNS * TEXT_CELL_BYTES,
        .phys = VGA_TEXT_PHYS,
        .cursor_row = (uint8_t)(row < VGA_TEXT_ROWS ? row : VGA_TEXT_ROWS - 1),
    };
}

static void fill_seed(uint8_t seed[SEED_BYTES], const struct memory_map *map)
{
    const struct seed_source source = {
        .random = cpu_has("RDRAND") ? random_read : NULL,
        .time = tsc_read,
    };
    seed_fill(seed, map->ranges, map->count * sizeof(map->ranges[0]), &source);
}

uint64_t foreign_build_info(struct foreign_build *build)
{
    const uint64_t room = (build->map.count + SPARE_RANGES) * sizeof(struct boot_memory_range);
    const uint64_t phys =
        foreign_take(build, sizeof(struct lists) + room, BOOT_MEMORY_LOADER, "boot_info");
    struct lists *const lists = direct_map_at(phys);

    memset(lists, 0, sizeof(*lists));
    lists->info = (struct boot_info){
        .magic = BOOT_INFO_MAGIC,
        .version = BOOT_PROTOCOL_VERSION,
        .bytes = sizeof(lists->info),
        .direct_map_base = BOOT_DIRECT_MAP_BASE,
        .direct_map_last = build->direct_map_last,
        .command_line_phys = phys_of(lists->command_line),
        .segment_phys = phys_of(lists->segments),
        .segment_count = foreign_segments(lists->segments),
        .kernel_entry = (uint64_t)kernel_text_first,
        .page_table_phys = build->page_table.root_phys,
        .stack_first = FOREIGN_STACK,
        .stack_last = FOREIGN_STACK_END - 1,
        .rsdp_phys = rsdp_phys(&build->facts, lists),
        .smbios_phys = smbios_phys(),
        .video = video_of(build),
    };
    memcpy(lists->command_line, build->facts.command_line, sizeof(lists->command_line));
    copy_modules(build, lists);
    copy_memory(build, lists);
    fill_seed(lists->info.random_seed, &build->map);
    return phys;
}
