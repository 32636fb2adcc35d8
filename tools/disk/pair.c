/* SPDX-License-Identifier: MIT
 *
 * See pair.h.
 */
#include "tools/disk/pair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "tools/seal/seal.h"

/* Read a file of at least one byte and at most `room`. */
static bool load(const char *path, uint8_t *bytes, size_t room, size_t *count,
                 struct refusal *refusal)
{
    FILE *const file = fopen(path, "rb");

    if (file == NULL)
        return refuse(refusal, "%s: %s", path, strerror(errno));
    errno = 0;
    *count = fread(bytes, 1, room, file);
    const bool is_longer = *count == room && fgetc(file) != EOF;
    const int error = ferror(file) ? errno : 0;
    fclose(file);
    if (error != 0)
        return refuse(refusal, "%s: %s", path, strerror(error));
    if (*count == 0 || is_longer)
        return refuse(refusal, "%s: not a stage of the loader: it has the wrong length", path);
    return true;
}

static struct stage1_parameters parameters_of(const struct pair *pair)
{
    const uint8_t *const at = pair->stage1 + STAGE1_PARAMETERS_OFFSET;

    return (struct stage1_parameters){
        { load_le16(at), load_le16(at + sizeof(uint16_t)) },
        load_le16(at + offsetof(struct stage1_parameters, sectors)),
    };
}

bool pair_load(struct pair *pair, const char *stage1, const char *stage2, struct refusal *refusal)
{
    size_t stage1_bytes;

    memset(pair, 0, sizeof(*pair));
    if (!load(stage1, pair->stage1, sizeof(pair->stage1), &stage1_bytes, refusal) ||
        !load(stage2, pair->stage2, sizeof(pair->stage2), &pair->stage2_bytes, refusal))
        return false;

    /* To where it is already: nothing changes, and a pair that is none is found out. */
    const struct stage1_parameters own = parameters_of(pair);
    const enum seal_status status =
        stage1_bytes == sizeof(pair->stage1)
            ? seal_move(pair->stage1, pair->stage2, pair->stage2_bytes, &own)
            : SEAL_E_STAGE1_SIZE;
    if (status != SEAL_OK)
        return refuse(refusal, "%s and %s: %s", stage1, stage2, seal_reason(status));
    return true;
}

uint16_t pair_sectors(const struct pair *pair)
{
    return (uint16_t)(pair->stage2_bytes / SECTOR_BYTES);
}

void pair_move(struct pair *pair, const struct stage1_parameters *where)
{
    if (seal_move(pair->stage1, pair->stage2, pair->stage2_bytes, where) != SEAL_OK)
        abort(); /* pair_load has proved that it is one */
}
