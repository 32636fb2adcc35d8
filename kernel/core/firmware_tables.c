/* SPDX-License-Identifier: MIT
 *
 * See firmware_tables.h. The search looks at the first two bytes of each line
 * only: it runs over 128 KiB, and most lines end there.
 */
#include "kernel/core/firmware_tables.h"

#include "base/bytes.h"
#include "hw/acpi.h"
#include "hw/smbios.h"
#include "kernel/core/string.h"

#define LINE_BYTES 16
#define TURN_BYTES 256 /* sixteen lines */

/* The first two bytes of each anchor, as a little-endian word. */
#define ANCHOR_RSDP   0x5352 /* "RSD PTR " */
#define ANCHOR_SMBIOS 0x535F /* "_SM_" and "_SM3_" */

/* An ACPI 1.0 pointer has one checksum; a later one a second over all of it. */
static bool is_rsdp(const uint8_t *bytes, size_t room)
{
    if (room < RSDP_V1_BYTES || memcmp(bytes, RSDP_SIGNATURE, RSDP_SIGNATURE_BYTES) != 0 ||
        !bytes_sum_to_zero(bytes, RSDP_V1_BYTES))
        return false;
    if (bytes[RSDP_REVISION] == 0)
        return true;
    if (room < RSDP_V2_BYTES)
        return false;
    const uint32_t length = load_le32(bytes + RSDP_LENGTH);
    return length >= RSDP_V2_BYTES && length <= room && bytes_sum_to_zero(bytes, length);
}

static bool is_smbios3(const uint8_t *bytes, size_t room)
{
    if (room < SMBIOS3_BYTES || memcmp(bytes, SMBIOS3_ANCHOR, SMBIOS3_ANCHOR_BYTES) != 0)
        return false;
    const size_t length = bytes[SMBIOS3_LENGTH];
    return length >= SMBIOS3_BYTES && length <= room && bytes_sum_to_zero(bytes, length);
}

/* Two checksums: all of it, and the older entry point that is its second half. */
static bool is_smbios(const uint8_t *bytes, size_t room)
{
    if (room < SMBIOS_BYTES || memcmp(bytes, SMBIOS_ANCHOR, SMBIOS_ANCHOR_BYTES) != 0)
        return false;
    const size_t length = bytes[SMBIOS_LENGTH];
    return length >= SMBIOS_BYTES_MIN && length <= room && bytes_sum_to_zero(bytes, length) &&
           memcmp(bytes + SMBIOS_DMI, SMBIOS_DMI_ANCHOR, SMBIOS_DMI_ANCHOR_BYTES) == 0 &&
           bytes_sum_to_zero(bytes + SMBIOS_DMI, SMBIOS_DMI_BYTES);
}

/* Does one of the lines of a turn begin with `anchor`? Flat: see next_line. */
static inline bool turn_has(const uint8_t *at, uint16_t anchor)
{
#pragma clang loop unroll(full)
    for (unsigned line = 0; line < TURN_BYTES; line += LINE_BYTES) {
        if (load_le16(at + line) == anchor)
            return true;
    }
    return false;
}

/*
 * The first line from `at` on that begins with `anchor`, or `end`. A turn at a
 * time: this is the loader's longest loop over memory it does not load.
 */
static const uint8_t *next_line(const uint8_t *at, const uint8_t *end, uint16_t anchor)
{
    while (end - at >= TURN_BYTES && !turn_has(at, anchor))
        at += TURN_BYTES;
    for (; end - at >= LINE_BYTES; at += LINE_BYTES) {
        if (load_le16(at) == anchor)
            return at;
    }
    return end;
}

bool firmware_find_rsdp(const uint8_t *bytes, size_t size, size_t *offset)
{
    const uint8_t *const end = bytes + size;
    const uint8_t *at = next_line(bytes, end, ANCHOR_RSDP);

    while (at != end && !is_rsdp(at, (size_t)(end - at)))
        at = next_line(at + LINE_BYTES, end, ANCHOR_RSDP);
    if (at == end)
        return false;
    *offset = (size_t)(at - bytes);
    return true;
}

/* One pass: the first 64-bit entry point ends it, the first older one is kept. */
bool firmware_find_smbios(const uint8_t *bytes, size_t size, size_t *offset)
{
    const uint8_t *const end = bytes + size;
    const uint8_t *at = next_line(bytes, end, ANCHOR_SMBIOS);
    bool found = false;

    for (; at != end; at = next_line(at + LINE_BYTES, end, ANCHOR_SMBIOS)) {
        const bool is_newer = is_smbios3(at, (size_t)(end - at));
        if (is_newer || (!found && is_smbios(at, (size_t)(end - at)))) {
            *offset = (size_t)(at - bytes);
            found = true;
        }
        if (is_newer)
            break;
    }
    return found;
}
