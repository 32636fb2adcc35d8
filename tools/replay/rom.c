/* SPDX-License-Identifier: MIT
 *
 * See rom.h.
 */
#include "tools/replay/rom.h"

#include <string.h>

#include "base/bytes.h"

#define ROM_MARK       0xAA55
#define ROM_UNIT_BYTES 512
#define ROM_UNITS_AT   2

_Static_assert(ROM_CODE_MAX + sizeof(struct replay_table) < ROM_MAX, "code, table and checksum");

size_t rom_build(const uint8_t *code, size_t code_bytes, const struct replay_table *table,
                 uint8_t rom[ROM_MAX])
{
    const size_t table_bytes = replay_table_bytes(table);
    uint8_t sum = 0;

    if (code_bytes <= ROM_UNITS_AT || code_bytes > ROM_CODE_MAX || load_le16(code) != ROM_MARK ||
        code[ROM_UNITS_AT] != 0)
        return 0;

    memset(rom, 0, ROM_MAX);
    memcpy(rom, code, code_bytes);
    memcpy(rom + code_bytes, table, table_bytes);
    /* One byte more, for the checksum. */
    const size_t units = (code_bytes + table_bytes + ROM_UNIT_BYTES) / ROM_UNIT_BYTES;
    const size_t bytes = units * ROM_UNIT_BYTES;
    rom[ROM_UNITS_AT] = (uint8_t)units;
    for (size_t i = 0; i < bytes; i++)
        sum = (uint8_t)(sum + rom[i]);
    rom[bytes - 1] = (uint8_t)-sum;
    return bytes;
}
