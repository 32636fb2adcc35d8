/* SPDX-License-Identifier: MIT
 *
 * corrupted IMAGE KERNEL ROUNDS: an image and a kernel with some bytes changed, again
 * and again, are judged under AddressSanitizer: whatever lies there, there is a
 * verdict. The same numbers each time; prints how often each verdict came.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "tools/image/judge_disk.h"
#include "tools/image/judge_file.h"
#include "tools/image/judge_loader.h"

#define DISK_BYTES  ((size_t)4 << 20) /* files lie at the volume's start */
#define CHANGES     4                 /* bytes changed at once, at most */
#define STATUSES    256
#define NEAR_BYTES  0x400 /* of a file's head: where a change is likely to matter */
#define ARGUMENTS   4
#define SHIFT_LEFT  13 /* xorshift64: Marsaglia 2003 */
#define SHIFT_RIGHT 7
#define SHIFT_BACK  17

struct bytes {
    uint8_t *at;
    size_t count;
};

static uint64_t state = 0x436F6C6473746172; /* any but 0 */

static uint64_t next(void)
{
    state ^= state << SHIFT_LEFT;
    state ^= state >> SHIFT_RIGHT;
    state ^= state << SHIFT_BACK;
    return state;
}

static void broken(const char *promise)
{
    fprintf(stderr, "corrupted: %s\n", promise);
    exit(EXIT_FAILURE);
}

/* All of a file, or its first bytes. */
static struct bytes read_bytes(const char *path, size_t most)
{
    struct bytes bytes = { calloc(1, most), 0 };
    FILE *const file = fopen(path, "rb");

    if (file == NULL || bytes.at == NULL)
        broken(path);
    bytes.count = fread(bytes.at, 1, most, file);
    fclose(file);
    return bytes;
}

static enum boot_status memory_read(void *context, uint64_t lba, uint32_t count, void *buffer)
{
    const struct bytes *const bytes = context;

    if (lba >= bytes->count / SECTOR_BYTES || count > bytes->count / SECTOR_BYTES - lba)
        return BOOT_E_DISK_READ;
    memcpy(buffer, bytes->at + lba * SECTOR_BYTES, (size_t)count * SECTOR_BYTES);
    return BOOT_OK;
}

static void require_verdict(bool good, const struct check_report *report, unsigned *counts)
{
    if (good != (report->status == BOOT_OK))
        broken("a verdict and its status disagree");
    if (memchr(report->text, '\0', sizeof(report->text)) == NULL)
        broken("a text does not end");
    counts[report->status & (STATUSES - 1)]++;
}

static void judge_disk(struct bytes *disk, unsigned *counts)
{
    static struct disk_facts facts;
    static struct loader_facts loader;
    const struct blockdev device = { memory_read, disk, disk->count / SECTOR_BYTES };
    struct check_report report;

    const bool good = disk_judge(&device, &facts, &report);
    require_verdict(good, &report, counts);
    if (loader_judge(&device, &loader) != (loader.problem[0] == '\0'))
        broken("the loader's verdict has no reason, or a good one has");
}

static void judge_kernel(struct bytes *kernel, int fd, const char *path, unsigned *counts)
{
    struct kernel_facts facts;
    struct check_report report;

    if (pwrite(fd, kernel->at, kernel->count, 0) != (ssize_t)kernel->count)
        broken("no room for the kernel");
    const bool good = kernel_file_judge(path, KERNEL_USUAL_PATH, 1, &facts, &report);
    require_verdict(good, &report, counts);
}

/* Where it hurts: the table, the volume's head, its FAT and folders, the heads of files. */
static size_t place_in_disk(const struct bytes *disk)
{
    const size_t volume = (size_t)BOOT_PARTITION_LBA * SECTOR_BYTES;

    switch (next() % 4) {
    case 0:
        return (size_t)(next() % (2 * SECTOR_BYTES));
    case 1:
        return volume + (size_t)(next() % NEAR_BYTES);
    default:
        return volume + (size_t)(next() % (disk->count - volume));
    }
}

static size_t place_in_kernel(const struct bytes *kernel)
{
    return (size_t)(next() % (next() % 4 != 0 ? NEAR_BYTES : kernel->count));
}

/* Change some bytes, judge, put them back. */
static void round_of(struct bytes *bytes, size_t (*place)(const struct bytes *), bool is_disk,
                     int fd, const char *path, unsigned *counts)
{
    const unsigned changes = 1 + (unsigned)(next() % CHANGES);
    size_t places[CHANGES];
    uint8_t before[CHANGES];

    for (unsigned i = 0; i < changes; i++) {
        places[i] = place(bytes);
        before[i] = bytes->at[places[i]];
        bytes->at[places[i]] =
            next() % 2 != 0 ? (uint8_t)next() : (uint8_t)(before[i] ^ 1 << next() % 8);
    }
    if (is_disk)
        judge_disk(bytes, counts);
    else
        judge_kernel(bytes, fd, path, counts);
    for (unsigned i = changes; i-- != 0;)
        bytes->at[places[i]] = before[i];
}

int main(int count, char **arguments)
{
    static unsigned counts[STATUSES];
    char path[] = "/proc/self/fd/0123456789";

    if (count != ARGUMENTS)
        broken("usage: corrupted IMAGE KERNEL ROUNDS");
    struct bytes disk = read_bytes(arguments[1], DISK_BYTES);
    struct bytes kernel = read_bytes(arguments[2], DISK_BYTES);
    const unsigned long rounds = strtoul(arguments[3], NULL, 0);
    const int fd = memfd_create("kernel", MFD_CLOEXEC);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

    judge_disk(&disk, counts);
    judge_kernel(&kernel, fd, path, counts);
    if (counts[BOOT_OK] != 2)
        broken("what is not corrupted is refused");
    for (unsigned long i = 0; i < rounds; i++) {
        round_of(&disk, place_in_disk, true, fd, path, counts);
        round_of(&kernel, place_in_kernel, false, fd, path, counts);
    }
    for (unsigned i = 0; i < STATUSES; i++) {
        if (counts[i] != 0)
            printf("E%02X %u\n", i, counts[i]);
    }
    free(disk.at);
    free(kernel.at);
    return EXIT_SUCCESS;
}
