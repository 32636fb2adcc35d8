/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a file of saved sectors, as they are and once more with the checksum they should
 * have. What is taken names sectors of a disk's beginning, each once, and encodes to what it was.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "kernel/core/crc32c.h"
#include "tools/disk/saved.h"

#define REQUIRE(claim)                                                                             \
    do {                                                                                           \
        if (!(claim))                                                                              \
            abort();                                                                               \
    } while (0)

static struct saved saved, again;
static uint8_t bytes[SAVED_BYTES_MOST], encoded[SAVED_BYTES_MOST];

static void check(size_t count)
{
    struct refusal refusal;

    if (!saved_decode(&saved, bytes, count, &refusal)) {
        REQUIRE(refusal.what[0] != '\0');
        return;
    }
    REQUIRE(saved.count >= 1 && saved.count <= SAVED_SECTORS_MOST && saved.sector[0].lba == 0);
    for (uint32_t i = 1; i < saved.count; i++)
        REQUIRE(saved.sector[i].lba > saved.sector[i - 1].lba &&
                saved.sector[i].lba < HEAD_SECTORS);
    REQUIRE(saved_encode(&saved, encoded) == count);
    REQUIRE(saved_decode(&again, encoded, count, &refusal));
    REQUIRE(memcmp(&saved, &again, sizeof(saved)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct crc32c_tables tables;

    if (size < SAVED_CRC_BYTES || size > sizeof(bytes))
        return 0;
    memcpy(bytes, data, size);
    check(size);
    crc32c_tables_fill(&tables);
    const uint32_t crc = crc32c_update(&tables, 0, bytes, size - SAVED_CRC_BYTES);
    for (unsigned i = 0; i < SAVED_CRC_BYTES; i++)
        bytes[size - SAVED_CRC_BYTES + i] = (uint8_t)(crc >> 8 * i);
    check(size);
    return 0;
}
