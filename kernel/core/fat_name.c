/* SPDX-License-Identifier: MIT
 *
 * Names in a FAT folder. ASCII letters are the same in either case, so the
 * lower-case flags of Windows NT need not be looked at; other letters must be
 * spelled exactly. The bytes above 7Fh in a short name belong to a code page
 * that nobody knows: such files are found by their long names only.
 * Spec: Microsoft FAT specification 1.03, "Long Directory Entries".
 */
#include "kernel/core/fat_name.h"

#include <stddef.h>

#include "base/bytes.h"
#include "kernel/core/utf8.h"

#define ASCII_END        0x80
#define CASE_BIT         0x20
#define UTF16_PLANE      0x10000
#define UTF16_LEAD       0xD800
#define UTF16_TRAIL      0xDC00
#define UTF16_TRAIL_BITS 10
#define UTF16_TRAIL_MASK 0x3FF

static uint16_t fold_case(uint16_t unit)
{
    return unit >= 'a' && unit <= 'z' ? unit ^ CASE_BIT : unit;
}

static bool name_is_dots(const struct fat_name *name)
{
    for (uint32_t i = 0; i < name->count; i++)
        if (name->units[i] != '.')
            return false;
    return true;
}

/*
 * Take the next name off a path.
 *
 * path  NUL-terminated, at the first byte of a name; moved to the '/' or NUL behind it
 * name  set on BOOT_OK
 *
 * BOOT_E_BAD_PATH  the name is empty, only dots, too long, or not UTF-8
 */
enum boot_status fat_name_take(const char **path, struct fat_name *name)
{
    const char *text = *path;
    name->count = 0;
    while (*text != '/' && *text != '\0') {
        uint32_t value;
        if (!utf8_take(&text, &value))
            return BOOT_E_BAD_PATH;
        const uint32_t needed = value < UTF16_PLANE ? 1 : 2;
        if (needed > FAT_LONG_NAME - name->count)
            return BOOT_E_BAD_PATH;
        uint16_t *units = name->units + name->count;
        if (value < UTF16_PLANE) {
            units[0] = (uint16_t)value;
        } else {
            units[0] = (uint16_t)(UTF16_LEAD + ((value - UTF16_PLANE) >> UTF16_TRAIL_BITS));
            units[1] = (uint16_t)(UTF16_TRAIL + (value & UTF16_TRAIL_MASK));
        }
        name->count += needed;
    }
    if (name_is_dots(name))
        return BOOT_E_BAD_PATH;
    *path = text;
    return BOOT_OK;
}

static void copy_units(uint16_t *units, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        units[i] = load_le16(bytes + i * sizeof(uint16_t));
}

/*
 * Add the piece of a long name that is met next. Pieces come in descending
 * order and carry one checksum; anything else leaves the name without pieces,
 * as if there were only the short one: that is what the specification asks of
 * a name orphaned by an old DOS.
 */
void fat_long_name_add(struct fat_long_name *name, const struct fat_long_entry *piece)
{
    const uint8_t order = piece->order & FAT_LONG_ORDER_MASK;
    if ((piece->order & FAT_LONG_LAST) != 0) {
        name->pieces = order <= FAT_LONG_PIECES ? order : 0;
        name->missing = name->pieces;
        name->checksum = piece->checksum;
    }
    if (name->pieces == 0 || order == 0 || order != name->missing ||
        piece->checksum != name->checksum) {
        name->pieces = 0;
        return;
    }
    name->missing--;
    uint16_t *units = name->units + (size_t)name->missing * FAT_LONG_PIECE;
    copy_units(units, piece->name_1, sizeof(piece->name_1) / sizeof(uint16_t));
    units += sizeof(piece->name_1) / sizeof(uint16_t);
    copy_units(units, piece->name_2, sizeof(piece->name_2) / sizeof(uint16_t));
    units += sizeof(piece->name_2) / sizeof(uint16_t);
    copy_units(units, piece->name_3, sizeof(piece->name_3) / sizeof(uint16_t));
}

/* The checksum by which a long name's pieces know their entry: rotate right and add. */
static uint8_t short_name_checksum(const struct fat_entry *entry)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < FAT_SHORT_NAME; i++)
        sum = (uint8_t)((uint8_t)(sum << 7 | sum >> 1) + entry->name[i]);
    return sum;
}

static bool long_name_matches(const struct fat_name *wanted, const struct fat_entry *entry,
                              const struct fat_long_name *long_name)
{
    if (long_name->pieces == 0 || long_name->missing != 0 ||
        long_name->checksum != short_name_checksum(entry))
        return false;
    const uint32_t room = (uint32_t)long_name->pieces * FAT_LONG_PIECE;
    if (wanted->count > room)
        return false;
    for (uint32_t i = 0; i < wanted->count; i++)
        if (fold_case(wanted->units[i]) != fold_case(long_name->units[i]))
            return false;
    return wanted->count == room || long_name->units[wanted->count] == 0;
}

/* Length of a space-padded field without its padding. */
static size_t field_length(const uint8_t *field, size_t size)
{
    while (size > 0 && field[size - 1] == ' ')
        size--;
    return size;
}

/* The short name as people write it: base, and a dot only before an extension. */
static size_t short_name_spell(const struct fat_entry *entry, uint8_t spelled[FAT_SHORT_NAME + 1])
{
    const uint8_t *extension = entry->name + FAT_SHORT_BASE;
    const size_t extension_length = field_length(extension, FAT_SHORT_NAME - FAT_SHORT_BASE);
    size_t length = field_length(entry->name, FAT_SHORT_BASE);
    for (size_t i = 0; i < length; i++)
        spelled[i] = entry->name[i];
    if (length > 0 && spelled[0] == FAT_NAME_KANJI_E5)
        spelled[0] = FAT_NAME_DELETED;
    if (extension_length > 0)
        spelled[length++] = '.';
    for (size_t i = 0; i < extension_length; i++)
        spelled[length++] = extension[i];
    return length;
}

static bool short_name_matches(const struct fat_name *wanted, const struct fat_entry *entry)
{
    uint8_t spelled[FAT_SHORT_NAME + 1];
    if (wanted->count != short_name_spell(entry, spelled))
        return false;
    for (uint32_t i = 0; i < wanted->count; i++)
        if (spelled[i] >= ASCII_END || fold_case(wanted->units[i]) != fold_case(spelled[i]))
            return false;
    return true;
}

/*
 * Is this entry the wanted one?
 *
 * entry      a file or folder, not deleted, not the volume's label
 * long_name  what the entries before it amount to; believed only when it is
 *            complete and its checksum is that of the entry's short name
 */
bool fat_name_matches(const struct fat_name *wanted, const struct fat_entry *entry,
                      const struct fat_long_name *long_name)
{
    return long_name_matches(wanted, entry, long_name) || short_name_matches(wanted, entry);
}
