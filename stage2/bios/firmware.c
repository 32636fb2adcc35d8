/* SPDX-License-Identifier: MIT
 *
 * See firmware.h. The places to look are the specifications'; what to look for
 * is core/firmware_tables.c's.
 */
#include "stage2/bios/firmware.h"

#include "kernel/core/firmware_tables.h"
#include "stage2/real/bios_call.h"

/* Spec: ACPI 6.4, section 5.2.5.1; SMBIOS 3.4, section 5.2. */
#define EBDA_SEARCH_BYTES 0x400
#define RSDP_ROM          0xE0000
#define RSDP_ROM_BYTES    0x20000
#define SMBIOS_ROM        0xF0000
#define SMBIOS_ROM_BYTES  0x10000

#define VIDEO_MEMORY  0xA0000 /* an EBDA ends below */
#define SEGMENT_SHIFT 4

static const uint8_t *memory_at(uintptr_t phys)
{
    return (const uint8_t *)phys;
}

uint64_t firmware_rsdp(void)
{
    const uintptr_t ebda = (uintptr_t)memory_answers.ebda_segment << SEGMENT_SHIFT;
    size_t offset;

    if (ebda >= LOW_EBDA_FLOOR && ebda <= VIDEO_MEMORY - EBDA_SEARCH_BYTES &&
        firmware_find_rsdp(memory_at(ebda), EBDA_SEARCH_BYTES, &offset))
        return ebda + offset;
    if (firmware_find_rsdp(memory_at(RSDP_ROM), RSDP_ROM_BYTES, &offset))
        return RSDP_ROM + offset;
    return 0;
}

uint64_t firmware_smbios(void)
{
    size_t offset;
    return firmware_find_smbios(memory_at(SMBIOS_ROM), SMBIOS_ROM_BYTES, &offset)
               ? SMBIOS_ROM + offset
               : 0;
}
