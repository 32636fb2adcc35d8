/* SPDX-License-Identifier: MIT
 *
 * Every table that names \_S5_ does it in the same few opcodes, so they are
 * matched as bytes. Nothing in the table is trusted: each byte is taken from
 * a cursor that knows where the end is.
 * Spec: ACPI 6.4, sections 7.4.2.6 and 20.2.
 */
#include "kernel/dev/acpi_s5.h"

#include "hw/acpi.h"
#include "kernel/core/string.h"

static const char s5_name[] = { '_', 'S', '5', '_' };

struct aml_cursor {
    const uint8_t *bytes;
    size_t left;
};

static bool take_byte(struct aml_cursor *cursor, uint8_t *byte)
{
    if (cursor->left == 0)
        return false;
    *byte = *cursor->bytes;
    cursor->bytes++;
    cursor->left--;
    return true;
}

static bool skip_bytes(struct aml_cursor *cursor, size_t count)
{
    if (count > cursor->left)
        return false;
    cursor->bytes += count;
    cursor->left -= count;
    return true;
}

/* A small number as AML spells it, of those a sleep type may be. */
static bool take_sleep_type(struct aml_cursor *cursor, uint8_t *value)
{
    uint8_t opcode, low, high = 0;
    if (!take_byte(cursor, &opcode))
        return false;
    switch (opcode) {
    case AML_ZERO:
    case AML_ONE:
        *value = opcode;
        return true;
    case AML_BYTE_PREFIX:
        if (!take_byte(cursor, &low))
            return false;
        break;
    case AML_WORD_PREFIX:
        if (!take_byte(cursor, &low) || !take_byte(cursor, &high))
            return false;
        break;
    default:
        return false;
    }
    if (high != 0 || low > PM1_SLP_TYP_MAX)
        return false;
    *value = low;
    return true;
}

/* What follows the name: a package whose first two elements count. */
static bool parse_package(struct aml_cursor cursor, struct acpi_sleep_type *type)
{
    uint8_t opcode, length, elements;
    struct acpi_sleep_type found;
    if (!take_byte(&cursor, &opcode) || opcode != AML_PACKAGE)
        return false;
    if (!take_byte(&cursor, &length) || !skip_bytes(&cursor, length >> AML_PKG_LENGTH_EXTRA_SHIFT))
        return false;
    if (!take_byte(&cursor, &elements) || elements < 2)
        return false;
    if (!take_sleep_type(&cursor, &found.a) || !take_sleep_type(&cursor, &found.b))
        return false;
    *type = found;
    return true;
}

/* Is the name at `at` being defined, with or without a leading '\'? */
static bool is_definition(const uint8_t *aml, size_t at)
{
    if (at >= 1 && aml[at - 1] == AML_NAME)
        return true;
    return at >= 2 && aml[at - 1] == AML_ROOT && aml[at - 2] == AML_NAME;
}

bool acpi_s5_find(const uint8_t *aml, size_t bytes, struct acpi_sleep_type *type)
{
    for (size_t at = 0; at + sizeof(s5_name) <= bytes; at++) {
        if (memcmp(aml + at, s5_name, sizeof(s5_name)) != 0 || !is_definition(aml, at))
            continue;
        const size_t behind = at + sizeof(s5_name);
        const struct aml_cursor rest = { .bytes = aml + behind, .left = bytes - behind };
        if (parse_package(rest, type))
            return true;
    }
    return false;
}
