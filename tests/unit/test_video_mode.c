/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the video mode judge: blocks that a BIOS may give, and which of
 * two modes is closer to a wish.
 */
#include <string.h>

#include "base/compiler.h"
#include "cmocka_all.h"
#include "stage2/plan/video_mode.h"

static uint8_t block[VBE_MODE_BYTES];

static void put16(unsigned offset, uint16_t value)
{
    block[offset] = (uint8_t)value;
    block[offset + 1] = (uint8_t)(value >> 8);
}

static void put32(unsigned offset, uint32_t value)
{
    put16(offset, (uint16_t)value);
    put16(offset + 2, (uint16_t)(value >> 16));
}

/* 1024x768x32 as a VBE 3.0 BIOS tells it. */
static int set_up(void **state)
{
    (void)state;
    static const uint8_t masks[] = { 8, 16, 8, 8, 8, 0 };
    memset(block, 0, sizeof(block));
    put16(VBE_MODE_ATTRIBUTES, 0x00FB);
    put16(VBE_MODE_PITCH, 4096);
    put16(VBE_MODE_WIDTH, 1024);
    put16(VBE_MODE_HEIGHT, 768);
    block[VBE_MODE_PLANES] = 1;
    block[VBE_MODE_BITS] = 32;
    block[VBE_MODE_MODEL] = VBE_MODEL_DIRECT;
    memcpy(block + VBE_MODE_MASKS, masks, sizeof(masks));
    put32(VBE_MODE_PHYS, 0xFD000000);
    put16(VBE_MODE_LINEAR_PITCH, 4096);
    memcpy(block + VBE_MODE_LINEAR_MASKS, masks, sizeof(masks));
    return 0;
}

/* Whether the block is taken; a refusal must leave the output alone. */
static bool taken(uint16_t version)
{
    struct boot_video mode = { .kind = 99 };
    const bool result = video_mode_parse(block, version, &mode);
    assert_int_equal(mode.kind, result ? BOOT_VIDEO_FRAMEBUFFER : 99);
    return result;
}

static void reads_every_field(void **state)
{
    (void)state;
    struct boot_video mode;
    assert_true(video_mode_parse(block, VBE_VERSION_3, &mode));
    assert_int_equal(mode.width, 1024);
    assert_int_equal(mode.height, 768);
    assert_int_equal(mode.pitch, 4096);
    assert_int_equal(mode.phys, 0xFD000000);
    assert_int_equal(mode.bits_per_pixel, 32);
    assert_int_equal(mode.red_shift, 16);
    assert_int_equal(mode.green_shift, 8);
    assert_int_equal(mode.blue_shift, 0);
    assert_int_equal(mode.red_bits + mode.green_bits + mode.blue_bits, 24);
}

static void reads_the_fields_of_its_version(void **state)
{
    (void)state;
    struct boot_video mode;
    put16(VBE_MODE_LINEAR_PITCH, 8192);
    assert_true(video_mode_parse(block, VBE_VERSION_2, &mode));
    assert_int_equal(mode.pitch, 4096);
    assert_true(video_mode_parse(block, VBE_VERSION_3, &mode));
    assert_int_equal(mode.pitch, 8192);
    put16(VBE_MODE_LINEAR_PITCH, 0);
    assert_true(video_mode_parse(block, VBE_VERSION_3, &mode));
    assert_int_equal(mode.pitch, 4096);
}

struct spoiled {
    unsigned offset;
    uint32_t value;
    unsigned bytes;
};

static void refuses_what_is_no_framebuffer(void **state)
{
    static const struct spoiled all[] = {
        { VBE_MODE_ATTRIBUTES, 0x00FA, 2 },    /* not supported */
        { VBE_MODE_ATTRIBUTES, 0x007B, 2 },    /* not linear */
        { VBE_MODE_ATTRIBUTES, 0x00EB, 2 },    /* text */
        { VBE_MODE_ATTRIBUTES, 0x00F3, 2 },    /* monochrome */
        { VBE_MODE_MODEL, 4, 1 },              /* packed pixels */
        { VBE_MODE_PLANES, 4, 1 },             /* planes */
        { VBE_MODE_BITS, 16, 1 },              /* 16 bits */
        { VBE_MODE_BITS, 0, 1 },               /* none */
        { VBE_MODE_WIDTH, 0, 2 },              /* no width */
        { VBE_MODE_HEIGHT, 0, 2 },             /* no height */
        { VBE_MODE_WIDTH, 1025, 2 },           /* wider than a line */
        { VBE_MODE_PHYS, 0, 4 },               /* nowhere */
        { VBE_MODE_PHYS, 0xA0000, 4 },         /* the banked window */
        { VBE_MODE_PHYS, 0xFFFFF000, 4 },      /* over 4 GiB */
        { VBE_MODE_LINEAR_MASKS, 0, 1 },       /* no red */
        { VBE_MODE_LINEAR_MASKS, 9, 1 },       /* too much red */
        { VBE_MODE_LINEAR_MASKS + 1, 25, 1 },  /* red beside the pixel */
        { VBE_MODE_LINEAR_MASKS + 5, 255, 1 }, /* blue far beside it */
    };
    assert_true(taken(VBE_VERSION_3));
    for (unsigned i = 0; i < ARRAY_COUNT(all); i++) {
        set_up(state);
        for (unsigned b = 0; b < all[i].bytes; b++)
            block[all[i].offset + b] = (uint8_t)(all[i].value >> (8 * b));
        assert_false(taken(VBE_VERSION_3));
    }
}

/* A 24-bit pixel has room up to bit 23. */
static void keeps_masks_inside_the_pixel(void **state)
{
    (void)state;
    block[VBE_MODE_BITS] = 24;
    assert_true(taken(VBE_VERSION_3));
    block[VBE_MODE_LINEAR_MASKS + 1] = 17;
    assert_false(taken(VBE_VERSION_3));
}

static bool better(uint32_t width, uint32_t height, uint8_t bits, const struct boot_video *best)
{
    const struct video_wish wish = { 1024, 768, 32 };
    const struct boot_video mode = { .width = width, .height = height, .bits_per_pixel = bits };
    return video_mode_is_better(&wish, &mode, best);
}

static void prefers_the_closest(void **state)
{
    (void)state;
    const struct boot_video small = { .width = 640, .height = 480, .bits_per_pixel = 32 };
    const struct boot_video exact24 = { .width = 1024, .height = 768, .bits_per_pixel = 24 };
    const struct boot_video exact = { .width = 1024, .height = 768, .bits_per_pixel = 32 };

    assert_true(better(640, 480, 24, NULL));
    assert_false(better(1025, 480, 32, NULL));
    assert_false(better(640, 769, 32, NULL));
    assert_true(better(800, 600, 24, &small));
    assert_false(better(320, 200, 32, &small));
    assert_true(better(1024, 768, 32, &exact24));
    assert_false(better(1024, 768, 24, &exact));
    assert_false(better(1024, 768, 32, &exact));
}

/* A wish for 16 bits is nearest to 32, whichever comes first. */
static void prefers_32_bits_otherwise(void **state)
{
    (void)state;
    const struct video_wish wish = { 800, 600, 16 };
    const struct boot_video deep = { .width = 800, .height = 600, .bits_per_pixel = 32 };
    const struct boot_video true24 = { .width = 800, .height = 600, .bits_per_pixel = 24 };
    assert_true(video_mode_is_better(&wish, &deep, &true24));
    assert_false(video_mode_is_better(&wish, &true24, &deep));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_every_field, set_up),
        cmocka_unit_test_setup(reads_the_fields_of_its_version, set_up),
        cmocka_unit_test_setup(refuses_what_is_no_framebuffer, set_up),
        cmocka_unit_test_setup(keeps_masks_inside_the_pixel, set_up),
        cmocka_unit_test(prefers_the_closest),
        cmocka_unit_test(prefers_32_bits_otherwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
