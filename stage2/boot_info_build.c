/* SPDX-License-Identifier: MIT
 *
 * Fills boot_info: all that the kernel is told. One run of memory holds the
 * struct and copies of every list whose home is in low memory, so the kernel
 * may use low memory at once.
 */
#include "boot/disk_layout.h"
#include "boot/low_memory.h"
#include "boot/stage1.h"
#include "boot/stage2_header.h"
#include "kernel/core/string.h"
#include "stage2/bios/firmware.h"
#include "stage2/bios/random.h"
#include "stage2/bios/vbe.h"
#include "stage2/handoff.h"
#include "stage2/memory.h"
#include "stage2/real/bios_call.h"

/* What boot_info points to, in one piece. */
struct boot_lists {
    struct boot_info info;
    struct boot_e820_answer e820[MEMORY_ANSWERS_MAX];
    struct boot_module modules[CONFIG_MAX_MODULES];
    struct boot_segment segments[ELF64_MAX_SEGMENTS];
    struct boot_trace_record trace[EXCHANGE_TRACE_MAX];
};

static uint64_t phys_of(const void *pointer)
{
    return (uintptr_t)pointer;
}

static uint32_t lower(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint8_t byte_of(uint32_t count)
{
    return (uint8_t)lower(count, UINT8_MAX);
}

static void copy_lists(const struct loader *loader, struct boot_lists *lists)
{
    struct boot_info *const info = &lists->info;

    info->e820_count = lower(memory_answers.e820_count, MEMORY_ANSWERS_MAX);
    memcpy(lists->e820, memory_answers.e820, info->e820_count * sizeof(lists->e820[0]));
    info->e820_phys = phys_of(lists->e820);

    info->module_count = loader->config->module_count;
    memcpy(lists->modules, loader->modules, info->module_count * sizeof(lists->modules[0]));
    info->module_phys = phys_of(lists->modules);

    info->segment_count = loader->kernel.segment_count;
    for (uint32_t i = 0; i < info->segment_count; i++) {
        const struct elf64_segment *const segment = &loader->kernel.segments[i];
        lists->segments[i] = (struct boot_segment){
            .virt = segment->page_virt + loader->kernel.slide,
            .phys = loader->kernel_phys[i],
            .bytes = segment->page_bytes,
            .flags = segment->flags,
        };
    }
    info->segment_phys = phys_of(lists->segments);

    info->trace_count = lower(exchange.trace_count, EXCHANGE_TRACE_MAX);
    memcpy(lists->trace, exchange.trace, info->trace_count * sizeof(lists->trace[0]));
    info->trace_phys = phys_of(lists->trace);
}

/* What stage 1 left, and what the BIOS said of the drive. */
static void fill_disk(const struct disk *disk, struct boot_firmware *firmware)
{
    const struct stage1_state *const state = memory_at(LOW_STAGE1 + MBR_BPB_OFFSET);
    const struct stage1_parameters *const parameters =
        memory_at(LOW_STAGE1 + STAGE1_PARAMETERS_OFFSET);

    firmware->drive = disk->drive;
    firmware->edd_version = disk->use_edd ? disk->edd_version : 0;
    firmware->edd_interface = disk->edd_interface;
    firmware->stage2_copy = state->copy_lba == parameters->copy_lba[1];
    firmware->stage1_retries = byte_of(state->retries);
    firmware->disk_reads = disk->reads;
    firmware->disk_retries = disk->retries;
    firmware->disk_sectors = disk->sectors;
    firmware->disk_by_edd = disk->use_edd;
    firmware->edd_check = disk->answers.edd_check;
    firmware->edd_parameters = disk->answers.edd_parameters;
    firmware->geometry = disk->answers.geometry;
    memcpy(firmware->edd_buffer, disk->answers.edd_buffer, sizeof(firmware->edd_buffer));
}

/* The registers that stage 1 was entered with. */
static void fill_entry(struct boot_entry_registers *entry)
{
    const struct stage1_entry *const kept = memory_at(LOW_STAGE1_ENTRY);

    *entry = (struct boot_entry_registers){
        .dx = kept->dx,
        .si = kept->si,
        .di = kept->di,
        .bp = kept->bp,
        .sp = kept->sp,
        .cs = kept->cs,
        .ds = kept->ds,
        .es = kept->es,
        .ss = kept->ss,
        .flags = kept->flags,
    };
}

/* The raw words about memory. */
static void fill_answers(struct boot_firmware *firmware)
{
    const struct memory_answers *const answers = &memory_answers;

    firmware->a20_method = exchange.a20_method;
    firmware->a20.ax = exchange.a20_bios_ax;
    firmware->a20.flags = exchange.a20_bios_flags;
    firmware->e820_end = byte_of(answers->e820_end);
    firmware->e820_asked = byte_of(answers->e820_asked);
    firmware->e801_ax = answers->e801_ax;
    firmware->e801_bx = answers->e801_bx;
    firmware->e801_cx = answers->e801_cx;
    firmware->e801_dx = answers->e801_dx;
    firmware->int88_ax = answers->int88_ax;
    firmware->int12_ax = answers->int12_ax;
    firmware->e801_flags = answers->e801_flags;
    firmware->int88_flags = answers->int88_flags;
    firmware->ebda_segment = answers->ebda_segment;
}

static void fill_kernel(const struct loader *loader, struct boot_info *info)
{
    info->kernel_file_bytes = loader->kernel_file_bytes;
    info->kernel_entry = loader->kernel.entry + loader->kernel.slide;
    info->kernel_slide = loader->kernel.slide;
    info->page_table_phys = loader->page_table.root_phys;
    info->stack_first = HANDOFF_STACK;
    info->stack_last = HANDOFF_STACK_END - 1;
    info->command_line_phys = phys_of(loader->config->command_line);
}

/*
 * See handoff.h. Called last: what it tells of memory is true only while nothing
 * more is taken.
 */
uint64_t boot_info_build(struct loader *loader)
{
    const uint64_t phys =
        memory_take(loader, sizeof(struct boot_lists), BOOT_MEMORY_LOADER, "boot_info");
    struct boot_lists *const lists = memory_at(phys);
    struct boot_info *const info = &lists->info;
    const struct stage2_header *const header = memory_at(LOW_STAGE2);

    *info = (struct boot_info){
        .magic = BOOT_INFO_MAGIC,
        .version = BOOT_PROTOCOL_VERSION,
        .bytes = sizeof(*info),
        .direct_map_base = BOOT_DIRECT_MAP_BASE,
        .direct_map_last = loader->direct_map_last,
        .memory_phys = phys_of(loader->map.ranges),
        .memory_count = loader->map.count,
        .build_id = header->build_id,
        .rsdp_phys = firmware_rsdp(),
        .smbios_phys = firmware_smbios(),
        /* Text goes on below the last line, so its cursor is asked for now. */
        .video = loader->video.kind == BOOT_VIDEO_TEXT ? vbe_text() : loader->video,
    };
    copy_lists(loader, lists);
    fill_kernel(loader, info);
    fill_disk(&loader->disk, &info->firmware);
    fill_entry(&info->firmware.entry);
    fill_answers(&info->firmware);
    random_seed(info->random_seed, loader->map.ranges,
                loader->map.count * sizeof(loader->map.ranges[0]));
    return phys;
}
