/* SPDX-License-Identifier: MIT
 *
 * What the probe was told, as lines the tests parse: `probe: NAME VALUE`. Judges
 * nothing.
 */
#include "probe.h"

#define CRC32_POLYNOMIAL 0xEDB88320u

/* CRC-32 of IEEE 802.3, reflected: what Python's zlib.crc32 gives. */
static uint32_t crc32(const uint8_t *bytes, uint64_t count)
{
    uint32_t crc = ~0u;
    for (uint64_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (CRC32_POLYNOMIAL & (0u - (crc & 1)));
    }
    return ~crc;
}

static void print_modules(const struct probe *probe)
{
    const struct boot_module *modules = at_phys(probe, probe->info->module_phys);
    for (uint32_t i = 0; i < probe->info->module_count; i++) {
        print("probe: module ");
        print(at_phys(probe, modules[i].name_phys));
        print(" ");
        print_decimal(modules[i].bytes);
        print(" crc32 ");
        print_hex(crc32(at_phys(probe, modules[i].phys), modules[i].bytes));
        print("\n");
    }
}

static void print_memory(const struct probe *probe)
{
    const struct boot_memory_range *map = at_phys(probe, probe->info->memory_phys);
    uint64_t ram = 0, usable = 0;
    for (uint32_t i = 0; i < probe->info->memory_count; i++) {
        const uint64_t bytes = map[i].last - map[i].first + 1;
        ram += map[i].type <= BOOT_MEMORY_MODULE ? bytes : 0;
        usable += map[i].type == BOOT_MEMORY_USABLE ? bytes : 0;
    }
    print_fact("ram_bytes", ram);
    print_fact("usable_bytes", usable);
}

void print_facts(const struct probe *probe)
{
    const struct boot_info *info = probe->info;
    print("probe: cmdline ");
    print(at_phys(probe, info->command_line_phys));
    print("\n");
    print_fact("drive", info->firmware.drive);
    print_fact("edd_version", info->firmware.edd_version);
    print_fact("stage2_copy", info->firmware.stage2_copy);
    print_fact("stage1_retries", info->firmware.stage1_retries);
    print_fact("a20_method", info->firmware.a20_method);
    print_fact("disk_reads", info->firmware.disk_reads);
    print_fact("disk_retries", info->firmware.disk_retries);
    print_fact("kernel_file_bytes", info->kernel_file_bytes);
    print_fact("kernel_slide", info->kernel_slide);
    print_fact("segment_count", info->segment_count);
    print_fact("module_count", info->module_count);
    print_fact("e820_count", info->e820_count);
    print_fact("direct_map_last", info->direct_map_last);
    print_fact("video_kind", info->video.kind);
    print_fact("video_width", info->video.width);
    print_fact("video_height", info->video.height);
    print_memory(probe);
    print_modules(probe);
}
