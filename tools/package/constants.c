/* SPDX-License-Identifier: MIT
 *
 * The hand-off's constants, structure sizes and field offsets for the installed
 * coldstart.inc; base/constant_list.h says how.
 */
#include "base/constant_list.h"
#include "boot/boot_info.h"
#include "boot/requirements.h"

void constants(void);

static void define_constants(void)
{
    CONSTANT(BOOT_INFO_MAGIC);
    CONSTANT(BOOT_PROTOCOL_VERSION);
    CONSTANT(BOOT_DIRECT_MAP_BASE);
    CONSTANT(BOOT_DIRECT_MAP_LAST);
    CONSTANT(BOOT_HANDOFF_BASE);
    CONSTANT(BOOT_HANDOFF_LAST);
    CONSTANT(BOOT_STACK_BYTES);
    CONSTANT(BOOT_EDD_BUFFER_BYTES);
    CONSTANT(BOOT_NOTE_OWNER_BYTES);
    CONSTANT(BOOT_NOTE_REQUIREMENTS);
    CONSTANT(BOOT_NOTES_MAX_BYTES);
    CONSTANT(BOOT_FEATURE_NX);
    CONSTANT(BOOT_FEATURE_PAGES_1G);
    CONSTANT(BOOT_FEATURE_RDRAND);
    CONSTANT(BOOT_FEATURE_ACPI);
    CONSTANT(BOOT_FEATURE_SMBIOS);
    CONSTANT(BOOT_FEATURE_EDD);
    CONSTANT(BOOT_FEATURE_MODULE);
    CONSTANT(BOOT_FEATURE_TEXT);
    CONSTANT(BOOT_FEATURE_FRAMEBUFFER);
}

static void enumeration_constants(void)
{
    CONSTANT(BOOT_MEMORY_USABLE);
    CONSTANT(BOOT_MEMORY_LOADER);
    CONSTANT(BOOT_MEMORY_KERNEL);
    CONSTANT(BOOT_MEMORY_MODULE);
    CONSTANT(BOOT_MEMORY_ACPI_RECLAIMABLE);
    CONSTANT(BOOT_MEMORY_ACPI_NVS);
    CONSTANT(BOOT_MEMORY_RESERVED);
    CONSTANT(BOOT_MEMORY_BAD);
    CONSTANT(BOOT_VIDEO_TEXT);
    CONSTANT(BOOT_VIDEO_FRAMEBUFFER);
    CONSTANT(BOOT_A20_WAS_ON);
    CONSTANT(BOOT_A20_BIOS);
    CONSTANT(BOOT_A20_PORT_92);
    CONSTANT(BOOT_A20_KEYBOARD);
    CONSTANT(BOOT_E820_END_ZERO);
    CONSTANT(BOOT_E820_END_CARRY);
    CONSTANT(BOOT_E820_END_FULL);
    CONSTANT(BOOT_E820_END_REPEAT);
    CONSTANT(BOOT_E820_END_SIGNATURE);
    CONSTANT(BOOT_E820_END_UNSUPPORTED);
}

static void boot_memory_range_fields(void)
{
    SIZE(boot_memory_range);
    OFFSET(boot_memory_range, first);
    OFFSET(boot_memory_range, last);
    OFFSET(boot_memory_range, type);
}

static void boot_e820_answer_fields(void)
{
    SIZE(boot_e820_answer);
    OFFSET(boot_e820_answer, base);
    OFFSET(boot_e820_answer, length);
    OFFSET(boot_e820_answer, type);
    OFFSET(boot_e820_answer, attributes);
    OFFSET(boot_e820_answer, returned_eax);
    OFFSET(boot_e820_answer, returned_bytes);
    OFFSET(boot_e820_answer, continuation);
    OFFSET(boot_e820_answer, flags);
}

static void boot_segment_fields(void)
{
    SIZE(boot_segment);
    OFFSET(boot_segment, virt);
    OFFSET(boot_segment, phys);
    OFFSET(boot_segment, bytes);
    OFFSET(boot_segment, flags);
}

static void boot_module_fields(void)
{
    SIZE(boot_module);
    OFFSET(boot_module, phys);
    OFFSET(boot_module, bytes);
    OFFSET(boot_module, name_phys);
}

static void boot_trace_record_fields(void)
{
    SIZE(boot_trace_record);
    OFFSET(boot_trace_record, step);
    OFFSET(boot_trace_record, argument);
    OFFSET(boot_trace_record, tsc);
}

static void boot_video_fields(void)
{
    SIZE(boot_video);
    OFFSET(boot_video, kind);
    OFFSET(boot_video, width);
    OFFSET(boot_video, height);
    OFFSET(boot_video, pitch);
    OFFSET(boot_video, phys);
    OFFSET(boot_video, bits_per_pixel);
    OFFSET(boot_video, red_shift);
    OFFSET(boot_video, red_bits);
    OFFSET(boot_video, green_shift);
    OFFSET(boot_video, green_bits);
    OFFSET(boot_video, blue_shift);
    OFFSET(boot_video, blue_bits);
    OFFSET(boot_video, cursor_row);
}

static void boot_bios_answer_fields(void)
{
    SIZE(boot_bios_answer);
    OFFSET(boot_bios_answer, ax);
    OFFSET(boot_bios_answer, bx);
    OFFSET(boot_bios_answer, cx);
    OFFSET(boot_bios_answer, dx);
    OFFSET(boot_bios_answer, es);
    OFFSET(boot_bios_answer, di);
    OFFSET(boot_bios_answer, flags);
}

static void boot_entry_registers_fields(void)
{
    SIZE(boot_entry_registers);
    OFFSET(boot_entry_registers, dx);
    OFFSET(boot_entry_registers, si);
    OFFSET(boot_entry_registers, di);
    OFFSET(boot_entry_registers, bp);
    OFFSET(boot_entry_registers, sp);
    OFFSET(boot_entry_registers, cs);
    OFFSET(boot_entry_registers, ds);
    OFFSET(boot_entry_registers, es);
    OFFSET(boot_entry_registers, ss);
    OFFSET(boot_entry_registers, flags);
}

static void boot_firmware_fields(void)
{
    SIZE(boot_firmware);
    OFFSET(boot_firmware, drive);
    OFFSET(boot_firmware, edd_version);
    OFFSET(boot_firmware, edd_interface);
    OFFSET(boot_firmware, stage2_copy);
    OFFSET(boot_firmware, stage1_retries);
    OFFSET(boot_firmware, a20_method);
    OFFSET(boot_firmware, e820_end);
    OFFSET(boot_firmware, e801_ax);
    OFFSET(boot_firmware, e801_bx);
    OFFSET(boot_firmware, e801_cx);
    OFFSET(boot_firmware, e801_dx);
    OFFSET(boot_firmware, int88_ax);
    OFFSET(boot_firmware, int12_ax);
    OFFSET(boot_firmware, e801_flags);
    OFFSET(boot_firmware, int88_flags);
    OFFSET(boot_firmware, ebda_segment);
    OFFSET(boot_firmware, disk_reads);
    OFFSET(boot_firmware, disk_retries);
    OFFSET(boot_firmware, disk_sectors);
    OFFSET(boot_firmware, a20);
    OFFSET(boot_firmware, edd_check);
    OFFSET(boot_firmware, edd_parameters);
    OFFSET(boot_firmware, geometry);
    OFFSET(boot_firmware, edd_buffer);
    OFFSET(boot_firmware, entry);
    OFFSET(boot_firmware, disk_by_edd);
    OFFSET(boot_firmware, e820_asked);
}

static void boot_info_fields(void)
{
    SIZE(boot_info);
    OFFSET(boot_info, magic);
    OFFSET(boot_info, version);
    OFFSET(boot_info, bytes);
    OFFSET(boot_info, direct_map_base);
    OFFSET(boot_info, direct_map_last);
    OFFSET(boot_info, command_line_phys);
    OFFSET(boot_info, memory_phys);
    OFFSET(boot_info, e820_phys);
    OFFSET(boot_info, module_phys);
    OFFSET(boot_info, segment_phys);
    OFFSET(boot_info, trace_phys);
    OFFSET(boot_info, memory_count);
    OFFSET(boot_info, e820_count);
    OFFSET(boot_info, module_count);
    OFFSET(boot_info, segment_count);
    OFFSET(boot_info, trace_count);
    OFFSET(boot_info, build_id);
    OFFSET(boot_info, kernel_file_bytes);
    OFFSET(boot_info, kernel_entry);
    OFFSET(boot_info, kernel_slide);
    OFFSET(boot_info, page_table_phys);
    OFFSET(boot_info, stack_first);
    OFFSET(boot_info, stack_last);
    OFFSET(boot_info, rsdp_phys);
    OFFSET(boot_info, smbios_phys);
    OFFSET(boot_info, random_seed);
    OFFSET(boot_info, video);
    OFFSET(boot_info, firmware);
}

static void boot_requirements_fields(void)
{
    SIZE(boot_requirements);
    OFFSET(boot_requirements, version);
    OFFSET(boot_requirements, info_bytes);
    OFFSET(boot_requirements, memory_kib);
    OFFSET(boot_requirements, features);
}

static void boot_requirements_note_fields(void)
{
    SIZE(boot_requirements_note);
    OFFSET(boot_requirements_note, owner_bytes);
    OFFSET(boot_requirements_note, needs_bytes);
    OFFSET(boot_requirements_note, type);
    OFFSET(boot_requirements_note, owner);
    OFFSET(boot_requirements_note, needs);
}

void constants(void)
{
    define_constants();
    enumeration_constants();
    boot_memory_range_fields();
    boot_e820_answer_fields();
    boot_segment_fields();
    boot_module_fields();
    boot_trace_record_fields();
    boot_video_fields();
    boot_bios_answer_fields();
    boot_entry_registers_fields();
    boot_firmware_fields();
    boot_info_fields();
    boot_requirements_fields();
    boot_requirements_note_fields();
}
