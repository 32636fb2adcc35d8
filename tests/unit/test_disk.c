/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the loader's disk reads against a BIOS that is played here, with
 * the faults of real ones: limits, transient and lasting errors, short counts,
 * cleared packets, no EDD. Every sector that arrives is looked at.
 */
#include <string.h>

#include "boot/disk_layout.h"
#include "cmocka_all.h"
#include "hw/edd.h"
#include "stage2/plan/disk.h"

#define SECTORS    20000
#define READ_MAX   4096
#define NO_SECTOR  UINT64_MAX
#define TRACK      63
#define HEADS      16
#define AREA       LOW_DISK
#define AREA_BYTES (LOW_DISK_WINDOW_BYTES * LOW_DISK_WINDOWS)
#define E_LIMIT    0x01
#define E_MEDIA    0x10

static struct disk_batch batch;
static uint8_t windows[AREA_BYTES];

/* How the BIOS behaves. */
static struct {
    unsigned limit;      /* most sectors a call; more fail */
    unsigned shorten;    /* move no more than this, and say so */
    uint64_t bad;        /* a sector that never reads */
    unsigned fail_every; /* one call of so many fails, wherever it reads */
    unsigned fail_next;  /* so many calls fail, then all is well */
    bool sticky;         /* after an error all fails until a reset */
    bool stuck;
    bool zero_count; /* clears the packet's count after success */
    bool edd;
    bool edd_broken; /* EDD is promised; AH=42h is refused */
    bool geometry;
    unsigned calls, resets, trips, largest;
} bios;

static uint8_t arrived[READ_MAX * SECTOR_BYTES];

/* What sector `lba` holds: its number in every word. */
static void fill_sector(uint64_t lba, uint8_t *to)
{
    for (unsigned i = 0; i < SECTOR_BYTES / 8; i++) {
        const uint64_t word = lba * 1000003 + i;
        memcpy(to + i * 8, &word, 8);
    }
}

/* One read call; its status. */
static uint8_t serve(struct disk_request *request, uint64_t lba)
{
    const unsigned count = request->packet.count;
    const unsigned at = ((unsigned)request->packet.segment << 4) + request->packet.offset;

    assert_in_range(count, 1, EDD_MAX_SECTORS);
    assert_in_range(at, AREA, AREA + AREA_BYTES - count * SECTOR_BYTES);
    assert_int_equal(at / 0x10000, (at + count * SECTOR_BYTES - 1) / 0x10000);
    bios.calls++;
    bios.largest = count > bios.largest ? count : bios.largest;
    if (bios.stuck)
        return E_MEDIA;
    if (count > bios.limit)
        return E_LIMIT;
    if (bios.fail_every != 0 && bios.calls % bios.fail_every == 0)
        return E_MEDIA;
    if (bios.fail_next != 0) {
        bios.fail_next--;
        return E_MEDIA;
    }
    const unsigned moved = bios.shorten != 0 && count > bios.shorten ? bios.shorten : count;
    for (unsigned i = 0; i < moved; i++) {
        if (lba + i == bios.bad)
            return E_MEDIA;
        fill_sector(lba + i, windows + (at - AREA) + i * SECTOR_BYTES);
    }
    request->moved = bios.zero_count ? 0 : (uint16_t)moved;
    return 0;
}

static uint64_t chs_lba(const struct disk_request *request)
{
    const unsigned sector = request->chs_cx & 0x3FU;
    const unsigned cylinder = request->chs_cx / 256U + (request->chs_cx & 0xC0U) * 4;
    assert_in_range(sector, 1, TRACK);
    assert_in_range(request->chs_dh, 0, HEADS - 1);
    assert_true(sector - 1 + request->packet.count <= TRACK);
    return ((uint64_t)cylinder * HEADS + request->chs_dh) * TRACK + sector - 1;
}

static uint8_t serve_any(struct disk_request *request)
{
    switch (request->kind) {
    case DISK_RESET:
        bios.resets++;
        bios.stuck = false;
        return 0;
    case DISK_READ_CHS:
        return serve(request, chs_lba(request));
    default:
        assert_true(bios.edd);
        assert_int_equal(request->packet.size, sizeof(struct edd_packet));
        if (bios.edd_broken) {
            bios.calls++;
            return INT13_E_BAD_COMMAND;
        }
        return serve(request, request->packet.lba);
    }
}

static void make_calls(void *context)
{
    assert_ptr_equal(context, &bios);

    bios.trips++;
    assert_int_equal(batch.drive, 0x80);
    assert_in_range(batch.count, 1, DISK_BATCH_MAX);
    batch.made = 0;
    while (batch.made < batch.count) {
        struct disk_request *const request = &batch.request[batch.made++];
        request->status = serve_any(request);
        request->carry = request->status != 0;
        if (request->carry) {
            bios.stuck = bios.sticky;
            break;
        }
    }
}

static bool find_geometry(struct disk *disk)
{
    if (!bios.geometry)
        return false;
    disk->track_sectors = TRACK;
    disk->heads = HEADS;
    return true;
}

/* A disk as disk_probe leaves it. */
static struct disk probed(void)
{
    struct disk disk = {
        .port = { &batch, windows, make_calls, find_geometry, &bios },
        .drive = 0x80,
        .use_edd = bios.edd,
        .call_max = EDD_MAX_SECTORS,
        .call_ceiling = EDD_MAX_SECTORS,
    };
    if (!bios.edd)
        find_geometry(&disk);
    return disk;
}

static int set_up(void **state)
{
    (void)state;
    memset(&bios, 0, sizeof(bios));
    bios.limit = UINT32_MAX;
    bios.bad = NO_SECTOR;
    bios.edd = true;
    bios.geometry = true;
    return 0;
}

/* Read, and look at every byte; returns the status. */
static enum boot_status read_and_look(struct disk *disk, uint64_t lba, uint32_t count)
{
    memset(arrived, 0xEE, sizeof(arrived));
    const enum boot_status status = disk_read(disk, lba, count, arrived);
    if (status != BOOT_OK)
        return status;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t expected[SECTOR_BYTES];
        fill_sector(lba + i, expected);
        assert_memory_equal(arrived + i * SECTOR_BYTES, expected, SECTOR_BYTES);
    }
    return BOOT_OK;
}

static void reads_in_few_trips(void **state)
{
    (void)state;
    struct disk disk = probed();
    assert_true(disk.use_edd);
    assert_int_equal(read_and_look(&disk, 77, 2032), BOOT_OK); /* four trips of four calls */
    assert_int_equal(bios.calls, 16);
    assert_int_equal(bios.trips, 4);
    assert_int_equal(disk.reads, 16);
    assert_int_equal(disk.retries, 0);
    assert_int_equal(read_and_look(&disk, 0, 1), BOOT_OK);
    assert_int_equal(bios.calls, 17);
}

static void finds_the_limit_of_a_bios(void **state)
{
    static const unsigned limits[] = { 127, 126, 64, 63, 32, 18, 8, 2, 1 };
    for (unsigned i = 0; i < ARRAY_COUNT(limits); i++) {
        set_up(state);
        bios.limit = limits[i];
        bios.sticky = true;
        struct disk disk = probed();
        for (unsigned round = 0; round < 4; round++)
            assert_int_equal(read_and_look(&disk, 5, READ_MAX), BOOT_OK);
        /* Remembered: hardly more calls than the limit needs. */
        const unsigned size = disk.call_max;
        assert_true(size <= limits[i] && size * 2 > limits[i] / 2);
        assert_true(disk.retries <= 20);
        assert_true(bios.calls <= 4 * (READ_MAX / size + 16) + 40);
    }
}

static void gets_over_transient_errors(void **state)
{
    for (unsigned failures = 1; failures <= 12; failures++) {
        set_up(state);
        bios.fail_next = failures;
        bios.sticky = true;
        struct disk disk = probed();
        assert_int_equal(read_and_look(&disk, 1000, 700), BOOT_OK);
        assert_int_equal(disk.retries, failures);
        assert_int_equal(bios.resets, failures);
    }
}

/* Rare errors all over the disk are no reason for smaller calls. */
static void takes_each_place_by_itself(void **state)
{
    (void)state;
    bios.fail_every = 5;
    struct disk disk = probed();
    assert_int_equal(read_and_look(&disk, 0, READ_MAX), BOOT_OK);
    assert_true(disk.retries >= 8);
    assert_int_equal(disk.call_max, EDD_MAX_SECTORS);
}

/* One slow spot does not make all the rest slow. */
static void grows_back_to_full_size(void **state)
{
    (void)state;
    bios.fail_next = 12;
    struct disk disk = probed();
    for (unsigned round = 0; round < 6; round++)
        assert_int_equal(read_and_look(&disk, 0, READ_MAX), BOOT_OK);
    assert_int_equal(disk.call_max, EDD_MAX_SECTORS);
}

static void reports_the_bad_sector(void **state)
{
    static const uint64_t places[] = { 0, 1, 126, 127, 128, 507, 508, 999 };
    for (unsigned i = 0; i < ARRAY_COUNT(places); i++) {
        set_up(state);
        bios.bad = 3000 + places[i];
        struct disk disk = probed();
        assert_int_equal(read_and_look(&disk, 3000, 1000), BOOT_E_DISK_READ);
        assert_int_equal(disk.failed_lba, bios.bad);
        assert_int_equal(disk.failed_status, E_MEDIA);
        assert_true(bios.calls < 200);
    }
}

static void rereads_what_did_not_come(void **state)
{
    (void)state;
    bios.shorten = 50;
    struct disk disk = probed();
    assert_int_equal(read_and_look(&disk, 9, 1000), BOOT_OK);
    assert_true(disk.retries > 0);
}

static void lives_with_a_cleared_packet(void **state)
{
    (void)state;
    bios.zero_count = true;
    struct disk disk = probed();
    assert_int_equal(read_and_look(&disk, 9, 1000), BOOT_OK);
    assert_int_equal(disk.retries, 0);
}

static void reads_by_tracks_without_edd(void **state)
{
    (void)state;
    bios.edd = false;
    struct disk disk = probed();
    assert_false(disk.use_edd);
    assert_int_equal(read_and_look(&disk, 61, 1000), BOOT_OK);
    assert_true(bios.largest <= TRACK);
    assert_int_equal(read_and_look(&disk, 1023 * TRACK * HEADS, 1), BOOT_OK);
    assert_int_equal(read_and_look(&disk, 1024 * TRACK * HEADS, 1), BOOT_E_DISK_READ);
    assert_int_equal(disk.failed_lba, 1024 * TRACK * HEADS);
}

static void gives_up_without_any_way(void **state)
{
    (void)state;
    bios.edd = false;
    bios.geometry = false;
    struct disk disk = probed();
    assert_int_equal(read_and_look(&disk, 61, 10), BOOT_E_DISK_READ);
}

/* EDD is promised but not there (Q18). */
static void falls_back_to_chs(void **state)
{
    (void)state;
    bios.edd_broken = true;
    struct disk disk = probed();
    assert_true(disk.use_edd);
    for (unsigned round = 0; round < 6; round++)
        assert_int_equal(read_and_look(&disk, 61, 1000), BOOT_OK);
    assert_false(disk.use_edd);
    assert_int_equal(bios.largest, TRACK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_in_few_trips, set_up),
        cmocka_unit_test_setup(finds_the_limit_of_a_bios, set_up),
        cmocka_unit_test_setup(gets_over_transient_errors, set_up),
        cmocka_unit_test_setup(takes_each_place_by_itself, set_up),
        cmocka_unit_test_setup(grows_back_to_full_size, set_up),
        cmocka_unit_test_setup(reports_the_bad_sector, set_up),
        cmocka_unit_test_setup(rereads_what_did_not_come, set_up),
        cmocka_unit_test_setup(lives_with_a_cleared_packet, set_up),
        cmocka_unit_test_setup(reads_by_tracks_without_edd, set_up),
        cmocka_unit_test_setup(gives_up_without_any_way, set_up),
        cmocka_unit_test_setup(falls_back_to_chs, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
