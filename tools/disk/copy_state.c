/* SPDX-License-Identifier: MIT
 *
 * The sentences about a disk that an image was, or was only in part, written to.
 * See copy.h. What the disk took is not called "on it" before it was read back.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "boot/disk_layout.h"
#include "tools/disk/copy.h"
#include "tools/disk/json.h"
#include "tools/disk/say.h"

#define TEXT_BYTES 1024

PRINTF_LIKE(2, 3)
static void add(char text[TEXT_BYTES], const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + used, TEXT_BYTES - used, format, arguments);
    va_end(arguments);
}

/* By enum copy_part: a word for programs, a sentence about the first sector for people. */
static const struct {
    const char *word, *first_sector;
} parts[] = {
    [COPY_OLD] = { "as before", "The first sector is as before." },
    [COPY_MAYBE_EMPTY] = { "perhaps empty", "The first sector, with boot code and partition table, "
                                            "may be empty now, "
                                            "in whole or in part." },
    [COPY_EMPTY] = { "empty",
                     "The first sector is empty: the disk does not boot and shows no partitions." },
    [COPY_MAYBE_IMAGE] = { "perhaps the image's",
                           "The first sector may be empty or the image's: the disk may boot." },
    [COPY_IMAGE] = { "the image's", "The first sector is the image's: the disk boots." },
};

static void add_body(const struct copy_state *state, char text[TEXT_BYTES])
{
    if (state->flushed > SECTOR_BYTES)
        add(text, " The disk took bytes %d to %" PRIu64 " of the image.", SECTOR_BYTES,
            state->flushed - 1);
    if (state->touched > state->flushed)
        add(text, " Bytes %" PRIu64 " to %" PRIu64 " may be the image's, or as before.",
            state->flushed, state->touched - 1);
    if (state->touched == SECTOR_BYTES)
        return;
    if (state->compared == SECTOR_BYTES)
        add(text, " They were not read back.");
    else if (state->wrong_sectors == 0)
        add(text, " Read back up to byte %" PRIu64 ", they are right.", state->compared - 1);
    else
        add(text, " Read back up to byte %" PRIu64 ", %" PRIu64 " of their sectors are wrong.",
            state->compared - 1, state->wrong_sectors);
}

static void put_fields(const struct copy_state *state, const char *text)
{
    json_open(NULL);
    json_text("event", "state");
    json_text("text", text);
    json_text("first_sector", parts[state->first_sector].word);
    json_number("taken_to", state->flushed);
    json_number("perhaps_to", state->touched);
    json_number("compared_to", state->compared);
    json_number("wrong_sectors", state->wrong_sectors);
    json_number("different_sectors", state->different_sectors);
    json_number("first_different_lba", state->first_different_lba);
    json_text("end", parts[state->tail].word);
    json_number("end_bytes", state->tail_bytes);
    json_close();
}

void copy_say_state(const struct copy_state *state)
{
    char text[TEXT_BYTES] = "";

    if (state->first_sector == COPY_OLD && state->touched == SECTOR_BYTES) {
        add(text, "Nothing was written: the disk is as it was.");
    } else {
        add(text, "%s", parts[state->first_sector].first_sector);
        add_body(state, text);
        if (state->tail != COPY_OLD)
            add(text, " The last %" PRIu64 " bytes of the disk %s empty.", state->tail_bytes,
                state->tail == COPY_EMPTY ? "are" : "may be");
        add(text, " All else is as before.");
    }
    if (say_is_json())
        put_fields(state, text);
    else
        say_note("%s", text);
}
