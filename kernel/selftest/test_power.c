/* SPDX-License-Identifier: MIT
 *
 * Tests of the reader of \_S5_: byte code as firmware writes it, and damage.
 */
#include "base/bytes.h"
#include "hw/acpi.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/boot/boot.h"
#include "kernel/dev/acpi.h"
#include "kernel/dev/acpi_s5.h"
#include "kernel/selftest/selftest.h"

SELFTEST(acpi_s5_plain, "acpi.s5")
{
    static const uint8_t aml[] = { 0x08, '_',  'S',  '5',  '_',  0x12, 0x08,
                                   0x04, 0x0A, 0x05, 0x0A, 0x07, 0x00, 0x00 };
    struct acpi_sleep_type type = { 0, 0 };
    CLAIM(acpi_s5_find(aml, sizeof(aml), &type));
    CLAIM_EQUAL(type.a, 5);
    CLAIM_EQUAL(type.b, 7);
    for (size_t cut = 0; cut < 12; cut++)
        CLAIM(!acpi_s5_find(aml, cut, &type));
}

SELFTEST(acpi_s5_short_forms, "acpi.s5-short-forms")
{
    static const uint8_t aml[] = { 0x08, 0x5C, '_',  'S',  '5',  '_',
                                   0x12, 0x46, 0x00, 0x04, 0x00, 0x01 };
    struct acpi_sleep_type type = { 9, 9 };
    CLAIM(acpi_s5_find(aml, sizeof(aml), &type));
    CLAIM_EQUAL(type.a, 0);
    CLAIM_EQUAL(type.b, 1);
}

SELFTEST(acpi_s5_damaged, "acpi.s5-damaged")
{
    static const uint8_t too_large[] = { 0x08, '_',  'S',  '5',  '_',  0x12,
                                         0x06, 0x02, 0x0A, 0x08, 0x0A, 0x00 };
    static const uint8_t not_defined[] = { 0x00, '_', 'S', '5', '_', 0x12, 0x06, 0x02, 0x00, 0x00 };
    struct acpi_sleep_type type = { 9, 9 };
    CLAIM(!acpi_s5_find(too_large, sizeof(too_large), &type));
    CLAIM(!acpi_s5_find(not_defined, sizeof(not_defined), &type));
    CLAIM_EQUAL(type.a, 9);
}

/* Only what the memory map has can be read: a BIOS without E820 keeps its tables to itself. */
static bool is_in_the_map(uint64_t phys)
{
    const struct boot_memory_range *const ranges = boot_memory();
    for (uint32_t i = 0; i < boot_info_get()->memory_count; i++) {
        if (ranges[i].first <= phys && phys <= ranges[i].last)
            return true;
    }
    return false;
}

SELFTEST(acpi_live, "acpi.soft-off-found")
{
    struct acpi_soft_off how;
    if (boot_info_get()->rsdp_phys == 0) {
        CLAIM_SKIP("this machine has no ACPI");
        return;
    }
    const uint8_t *const rsdp = direct_map_at(boot_info_get()->rsdp_phys);
    if (!is_in_the_map(load_le32(rsdp + RSDP_RSDT))) {
        CLAIM_SKIP("the firmware's memory map does not tell of the ACPI tables");
        return;
    }
    if (acpi_is_hardware_reduced(boot_info_get()->rsdp_phys)) {
        CLAIM_SKIP("this machine's ACPI has no soft-off registers");
        return;
    }
    if (CLAIM(acpi_soft_off_find(boot_info_get()->rsdp_phys, &how)))
        CLAIM(how.pm1a_port != 0);
}
