/* SPDX-License-Identifier: MIT
 *
 * RSDP, then XSDT or RSDT, then the fixed table, then the byte code's \_S5_.
 * Spec: include/hw/acpi.h.
 */
#include "kernel/dev/acpi.h"

#include "base/bytes.h"
#include "hw/acpi.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/page_walk.h"
#include "kernel/arch/x86_64/ports.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/core/string.h"

#define ENABLE_POLLS 3000000 /* reads until the firmware must have handed over */
#define OFF_POLLS    3000000 /* reads until the power must be gone */

/* A table in memory that is mapped to its end. */
struct acpi_table {
    const uint8_t *bytes; /* NULL: there is none */
    uint32_t length;
};

static const struct acpi_table no_table;

static const uint8_t *readable(uint64_t phys, uint64_t bytes)
{
    const struct page_tables tables = page_tables_current();
    const uint8_t *at = direct_map_at(phys);
    return page_walk_covers(&tables, (uint64_t)at, bytes, false) ? at : NULL;
}

static struct acpi_table table_at(uint64_t phys, const char *signature)
{
    const uint8_t *header = phys == 0 ? NULL : readable(phys, SDT_HEADER_BYTES);
    if (header == NULL || memcmp(header, signature, SDT_SIGNATURE_BYTES) != 0)
        return no_table;
    const uint32_t length = load_le32(header + SDT_LENGTH);
    if (length < SDT_HEADER_BYTES || length > SDT_BYTES_MAX || readable(phys, length) == NULL)
        return no_table;
    return (struct acpi_table){ .bytes = header, .length = length };
}

/* Look through a root table whose entries are `width` bytes wide. */
static struct acpi_table find_in_root(struct acpi_table root, uint32_t width, const char *signature)
{
    for (uint32_t at = SDT_HEADER_BYTES; width <= root.length && at <= root.length - width;
         at += width) {
        const uint64_t phys =
            width == sizeof(uint64_t) ? load_le64(root.bytes + at) : load_le32(root.bytes + at);
        const struct acpi_table table = table_at(phys, signature);
        if (table.bytes != NULL)
            return table;
    }
    return no_table;
}

static struct acpi_table find_fadt(uint64_t rsdp_phys)
{
    const uint8_t *rsdp = rsdp_phys == 0 ? NULL : readable(rsdp_phys, RSDP_V1_BYTES);
    if (rsdp == NULL || memcmp(rsdp, RSDP_SIGNATURE, RSDP_SIGNATURE_BYTES) != 0 ||
        !bytes_sum_to_zero(rsdp, RSDP_V1_BYTES))
        return no_table;
    struct acpi_table fadt = no_table;
    if (rsdp[RSDP_REVISION] != 0 && readable(rsdp_phys, RSDP_V2_BYTES) != NULL) {
        const struct acpi_table xsdt = table_at(load_le64(rsdp + RSDP_XSDT), "XSDT");
        if (xsdt.bytes != NULL)
            fadt = find_in_root(xsdt, sizeof(uint64_t), "FACP");
    }
    if (fadt.bytes == NULL) {
        const struct acpi_table rsdt = table_at(load_le32(rsdp + RSDP_RSDT), "RSDT");
        if (rsdt.bytes != NULL)
            fadt = find_in_root(rsdt, sizeof(uint32_t), "FACP");
    }
    return fadt;
}

static struct acpi_table find_dsdt(struct acpi_table fadt)
{
    struct acpi_table dsdt = no_table;
    if (fadt.length >= FADT_X_DSDT_BYTES)
        dsdt = table_at(load_le64(fadt.bytes + FADT_X_DSDT), "DSDT");
    if (dsdt.bytes == NULL)
        dsdt = table_at(load_le32(fadt.bytes + FADT_DSDT), "DSDT");
    return dsdt;
}

bool acpi_is_hardware_reduced(uint64_t rsdp_phys)
{
    const struct acpi_table fadt = find_fadt(rsdp_phys);
    return fadt.bytes != NULL && fadt.length >= FADT_V1_BYTES &&
           (load_le32(fadt.bytes + FADT_FLAGS) & FADT_HW_REDUCED) != 0;
}

bool acpi_soft_off_find(uint64_t rsdp_phys, struct acpi_soft_off *how)
{
    const struct acpi_table fadt = find_fadt(rsdp_phys);
    /* Its ports will be written: here a wrong sum counts. */
    if (fadt.bytes == NULL || fadt.length < FADT_V1_BYTES ||
        !bytes_sum_to_zero(fadt.bytes, fadt.length))
        return false;
    const struct acpi_table dsdt = find_dsdt(fadt);
    struct acpi_sleep_type type;
    if (dsdt.bytes == NULL || !acpi_s5_find(dsdt.bytes, dsdt.length, &type))
        return false;
    const uint16_t pm1a = load_le16(fadt.bytes + FADT_PM1A_CNT);
    if (pm1a == 0)
        return false;
    *how = (struct acpi_soft_off){
        .pm1a_port = pm1a,
        .pm1b_port = load_le16(fadt.bytes + FADT_PM1B_CNT),
        .smi_port = load_le16(fadt.bytes + FADT_SMI_CMD),
        .acpi_enable = fadt.bytes[FADT_ACPI_ENABLE],
        .type = type,
    };
    return true;
}

/* Before ACPI is on, the control register does nothing. */
static void acpi_enable(const struct acpi_soft_off *how)
{
    if ((port_read16(how->pm1a_port) & PM1_CNT_SCI_EN) != 0)
        return;
    if (how->smi_port == 0 || how->acpi_enable == 0)
        return;
    port_write8(how->smi_port, how->acpi_enable);
    for (unsigned i = 0; i < ENABLE_POLLS; i++) {
        if ((port_read16(how->pm1a_port) & PM1_CNT_SCI_EN) != 0)
            return;
        cpu_pause();
    }
}

static void write_sleep(uint16_t port, uint8_t type)
{
    const uint16_t keep = port_read16(port) & (uint16_t) ~(PM1_CNT_SLP_TYP | PM1_CNT_SLP_EN);
    const uint16_t value = (uint16_t)(keep | type << PM1_CNT_SLP_TYP_SHIFT);
    port_write16(port, value);
    port_write16(port, value | PM1_CNT_SLP_EN);
}

void acpi_soft_off_do(const struct acpi_soft_off *how)
{
    acpi_enable(how);
    write_sleep(how->pm1a_port, how->type.a);
    if (how->pm1b_port != 0)
        write_sleep(how->pm1b_port, how->type.b);
    for (unsigned i = 0; i < OFF_POLLS; i++)
        (void)port_read16(how->pm1a_port);
}
