/* SPDX-License-Identifier: MIT
 *
 * Promises about the fields of boot_info that are not about memory.
 *
 * Spec: include/boot/boot_info.h; ACPI 6.4 section 5.2.5.3 (RSDP); SMBIOS 3.2
 * section 5.2.
 */
#include "probe.h"

#define TEXT_COLUMNS        80
#define TEXT_ROWS           25
#define TEXT_PITCH          160
#define TEXT_PHYS           0xB8000
#define STEP_FIRST          1
#define STEP_HANDOFF        15
#define DRIVE_LAST          0x8F
#define ACPI_ALIGNMENT      16
#define FLAGS_ONE           0x0002
#define EDD_SECTORS_AT      16
#define E820_ASKED          24
#define E820_ASKED_AGAIN    20
#define BOOT_SECTOR_SEGMENT 0x7C0

static bool starts_with(const char *bytes, const char *text)
{
    for (; *text != '\0'; text++, bytes++)
        if (*bytes != *text)
            return false;
    return true;
}

static bool magic(const struct probe *probe)
{
    return probe->info->magic == BOOT_INFO_MAGIC;
}

static bool version(const struct probe *probe)
{
    return probe->info->version == BOOT_PROTOCOL_VERSION;
}

static bool size(const struct probe *probe)
{
    return probe->info->bytes >= sizeof(struct boot_info);
}

static bool direct_map_base(const struct probe *probe)
{
    return probe->info->direct_map_base == BOOT_DIRECT_MAP_BASE;
}

static bool pointers_in_direct_map(const struct probe *probe)
{
    const struct boot_info *info = probe->info;
    const uint64_t last = info->direct_map_last;
    return info->command_line_phys != 0 && info->command_line_phys <= last &&
           info->memory_phys != 0 && info->memory_phys <= last && info->e820_phys <= last &&
           info->module_phys <= last && info->segment_phys != 0 && info->segment_phys <= last &&
           info->trace_phys != 0 && info->trace_phys <= last && info->page_table_phys != 0;
}

static bool random_seed(const struct probe *probe)
{
    unsigned different = 0;
    for (size_t i = 1; i < ARRAY_COUNT(probe->info->random_seed); i++)
        different += probe->info->random_seed[i] != probe->info->random_seed[0];
    return different != 0;
}

static bool video(const struct probe *probe)
{
    const struct boot_video *video = &probe->info->video;
    if (video->kind == BOOT_VIDEO_TEXT)
        return video->width == TEXT_COLUMNS && video->height == TEXT_ROWS &&
               video->pitch == TEXT_PITCH && video->phys == TEXT_PHYS &&
               video->bits_per_pixel == 0 && video->cursor_row < TEXT_ROWS;
    return video->kind == BOOT_VIDEO_FRAMEBUFFER && video->phys != 0 &&
           video->pitch >= video->width * video->bits_per_pixel / 8 &&
           video->red_bits + video->green_bits + video->blue_bits <= video->bits_per_pixel;
}

static bool trace(const struct probe *probe)
{
    const struct boot_trace_record *trace = at_phys(probe, probe->info->trace_phys);
    const uint32_t count = probe->info->trace_count;
    if (count == 0 || trace[0].step != STEP_FIRST || trace[count - 1].step != STEP_HANDOFF)
        return false;
    for (uint32_t i = 1; i < count; i++)
        if (trace[i].step <= trace[i - 1].step ||
            (trace[i].tsc != 0 && trace[i].tsc < trace[i - 1].tsc))
            return false;
    return true;
}

static bool firmware_drive(const struct probe *probe)
{
    return probe->info->firmware.drive <= DRIVE_LAST;
}

/* FLAGS after a call that was made: bit 1 is always set; 0 where there was no call. */
static bool is_answer(const struct boot_bios_answer *answer, bool may_be_unasked)
{
    return (answer->flags & FLAGS_ONE) != 0 || (answer->flags == 0 && may_be_unasked);
}

static bool firmware_answers(const struct probe *probe)
{
    const struct boot_firmware *firmware = &probe->info->firmware;
    return is_answer(&firmware->edd_check, false) &&
           is_answer(&firmware->edd_parameters, firmware->disk_by_edd == 0) &&
           is_answer(&firmware->geometry, firmware->disk_by_edd != 0) &&
           is_answer(&firmware->a20, firmware->a20_method == BOOT_A20_WAS_ON);
}

static bool firmware_edd(const struct probe *probe)
{
    const struct boot_firmware *firmware = &probe->info->firmware;
    uint64_t sectors = 0;
    for (unsigned i = 0; i < sizeof(sectors); i++)
        sectors |= (uint64_t)firmware->edd_buffer[EDD_SECTORS_AT + i] << (8 * i);
    return firmware->disk_by_edd == 0 ||
           (firmware->edd_check.ax >> 8 == firmware->edd_version &&
            firmware->edd_check.cx == firmware->edd_interface && sectors == firmware->disk_sectors);
}

static bool firmware_e820_asked(const struct probe *probe)
{
    const uint8_t asked = probe->info->firmware.e820_asked;
    return asked == E820_ASKED || asked == E820_ASKED_AGAIN;
}

static bool firmware_entry(const struct probe *probe)
{
    const struct boot_entry_registers *entry = &probe->info->firmware.entry;
    return (entry->cs == 0 || entry->cs == BOOT_SECTOR_SEGMENT) && (entry->flags & FLAGS_ONE) != 0;
}

static bool rsdp(const struct probe *probe)
{
    const uint64_t phys = probe->info->rsdp_phys;
    return phys == 0 ||
           (phys % ACPI_ALIGNMENT == 0 && starts_with(at_phys(probe, phys), "RSD PTR "));
}

static bool smbios(const struct probe *probe)
{
    const uint64_t phys = probe->info->smbios_phys;
    return phys == 0 || starts_with(at_phys(probe, phys), "_SM_") ||
           starts_with(at_phys(probe, phys), "_SM3_");
}

const struct probe_check info_checks[] = {
    { "boot_info.magic is BOOT_INFO_MAGIC", magic },
    { "boot_info.version is 1", version },
    { "boot_info.bytes is the size of the struct", size },
    { "direct_map_base is BOOT_DIRECT_MAP_BASE", direct_map_base },
    { "every pointer lies in the direct map", pointers_in_direct_map },
    { "random_seed is not one byte repeated", random_seed },
    { "boot_video describes itself", video },
    { "the trace runs from step 1 to the hand-off, in time", trace },
    { "the drive number is a BIOS drive", firmware_drive },
    { "an answer of the BIOS has FLAGS, or was not asked for", firmware_answers },
    { "the answers about EDD agree with what was made of them", firmware_edd },
    { "e820_asked is 20 or 24", firmware_e820_asked },
    { "the boot sector was entered at 7C00h", firmware_entry },
    { "rsdp_phys is 0 or points at `RSD PTR `", rsdp },
    { "smbios_phys is 0 or points at an entry point", smbios },
    { NULL, NULL },
};
