/* SPDX-License-Identifier: MIT
 *
 * stage1map: print docs/stage1.md, every byte of the boot sector, from the built
 * sector, its symbol map, the comments of its source and the headers.
 *
 *   stage1map MAP SOURCE BINARY    the page
 *   stage1map --symbols MAP        "address name" lines for debuggers
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/low_memory.h"
#include "boot/stage1.h"
#include "tools/stage1map/sector.h"

#define STATUS_MISUSED 2

/* Who else may write to a part; parts that are not here are for nobody to change. */
static const struct {
    const char *name;
    const char *who;
} patchers[] = {
    { "stage1_oem", "anybody" },
    { "stage1_bpb", "in memory: some BIOSes, then stage 1; on disk nobody" },
    { "stage1_free", "whoever has the idea" },
    { "stage1_parameters", "`tools/seal`" },
    { "stage1_signature", "`tools/mkimage`, operating systems" },
    { "stage1_table", "`tools/mkimage`, partitioning programs" },
};

#define FREE_NAME "stage1_free"

static const char *patcher_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(patchers); i++)
        if (strcmp(patchers[i].name, name) == 0)
            return patchers[i].who;
    return "nobody";
}

static void print_parts(const struct sector *sector)
{
    unsigned spare = 0;

    puts("| bytes | how many | label | what it does | who may change it |\n"
         "|---|---|---|---|---|");
    for (size_t i = 0; i < sector->count; i++) {
        const struct sector_part *const part = &sector->parts[i];
        printf("| %03X–%03X | %u | `%s` | %s | %s |\n", part->offset,
               part->offset + part->bytes - 1, part->bytes, part->name, part->purpose,
               patcher_of(part->name));
        if (strcmp(part->name, FREE_NAME) == 0)
            spare = part->bytes;
    }
    const unsigned room = STAGE1_PARAMETERS_OFFSET - MBR_CODE_OFFSET;
    printf("\nCode: %u bytes of the %u between the BPB and the parameters.\n", room - spare, room);
}

static void print_field(const char *name, size_t offset, size_t bytes, unsigned base,
                        const char *what)
{
    printf("| %04zX | %zu | `%s` | %s |\n", base + offset, bytes, name, what);
}

#define PRINT_FIELD(structure, field, base, what)                                                  \
    print_field(#field, offsetof(struct structure, field), sizeof(((struct structure *)0)->field), \
                base, what)

static void print_records(void)
{
    const unsigned state = LOW_STAGE1 + MBR_BPB_OFFSET;

    puts("\n## What stage 1 leaves in memory\n\n"
         "`struct stage1_state`, over the BPB; stage 2 reads it.\n\n"
         "| address | bytes | field | meaning |\n|---|---|---|---|");
    PRINT_FIELD(stage1_state, call_sectors, state, "most sectors in one call; 1: read by CHS");
    PRINT_FIELD(stage1_state, copy_lba, state, "first sector of the copy in memory");
    PRINT_FIELD(stage1_state, retries, state, "reads that failed, of either copy");
    PRINT_FIELD(stage1_state, sectors_per_track, state, "valid only when read by CHS");
    PRINT_FIELD(stage1_state, heads, state, "valid only when read by CHS; 255 for 256");

    puts("\n`struct stage1_entry`, below the sector: the registers as the BIOS handed them over. "
         "AX, BX\n"
         "and CX are lost, for stage 1 needs three registers before it has a stack.\n\n"
         "| address | bytes | field | meaning |\n|---|---|---|---|");
    PRINT_FIELD(stage1_entry, di, LOW_STAGE1_ENTRY, "with ES: the Plug and Play structure");
    PRINT_FIELD(stage1_entry, si, LOW_STAGE1_ENTRY, "the BIOS's SI");
    PRINT_FIELD(stage1_entry, bp, LOW_STAGE1_ENTRY, "the BIOS's BP");
    PRINT_FIELD(stage1_entry, own_sp, LOW_STAGE1_ENTRY, "stage 1's own, not the BIOS's");
    PRINT_FIELD(stage1_entry, ss, LOW_STAGE1_ENTRY, "the BIOS's SS");
    PRINT_FIELD(stage1_entry, dx, LOW_STAGE1_ENTRY, "DL: the drive as the BIOS named it");
    PRINT_FIELD(stage1_entry, zero, LOW_STAGE1_ENTRY, "stage 1's own, not the BIOS's");
    PRINT_FIELD(stage1_entry, sp, LOW_STAGE1_ENTRY, "the BIOS's SP");
    PRINT_FIELD(stage1_entry, es, LOW_STAGE1_ENTRY, "the BIOS's ES");
    PRINT_FIELD(stage1_entry, ds, LOW_STAGE1_ENTRY, "the BIOS's DS");
    PRINT_FIELD(stage1_entry, cs, LOW_STAGE1_ENTRY, "0000 or 07C0");
    PRINT_FIELD(stage1_entry, flags, LOW_STAGE1_ENTRY, "the BIOS's FLAGS");

    puts("\n## Its parameters\n\n"
         "`struct stage1_parameters`, offsets in the sector.\n\n"
         "| offset | bytes | field | meaning |\n|---|---|---|---|");
    PRINT_FIELD(stage1_parameters, copy_lba, STAGE1_PARAMETERS_OFFSET,
                "first sectors of copy A and copy B, 16 bits each");
    PRINT_FIELD(stage1_parameters, sectors, STAGE1_PARAMETERS_OFFSET, "length of either copy");
}

static void print_page(const struct sector *sector)
{
    puts(
        "# Stage 1, byte by byte\n\n"
        "This page is made by `tools/stage1map` from the built sector, `build/stage1.map`, the\n"
        "comments of [stage1/mbr.asm](../stage1/mbr.asm) and the headers; a test fails when it is\n"
        "stale. Offsets are hexadecimal; in memory the sector lies at 7C00h.\n");
    print_parts(sector);
    print_records();
    puts("\nIts errors are listed in [errors.md](errors.md), the places of the copies in\n"
         "[disk-layout.md](disk-layout.md).");
}

int main(int count, char **arguments)
{
    static struct sector sector;

    if (count == 3 && strcmp(arguments[1], "--symbols") == 0) {
        sector_print_symbols(arguments[2]);
    } else if (count == 4) {
        sector_read(&sector, arguments[1], arguments[2], arguments[3]);
        print_page(&sector);
    } else {
        fputs("usage: stage1map MAP SOURCE BINARY | --symbols MAP\n", stderr);
        return STATUS_MISUSED;
    }
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
