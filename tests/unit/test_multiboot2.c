/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the reader of Multiboot2's information block: what a good one
 * says, and every way in which one can lie. Blocks are built tag by tag.
 */
#include <string.h>

#include "cmocka_all.h"
#include "foreign_memory.h"
#include "hw/e820.h"
#include "hw/multiboot2.h"
#include "hw/vga.h"
#include "kernel/foreign/multiboot2.h"
#include "random.h"

#define BLOCK_PHYS  0x10000
#define BLOCK_BYTES 16384
#define RANDOM_RUNS 20000

static uint8_t block[BLOCK_BYTES];
static size_t used;
static struct foreign_facts facts;

static void put32(uint32_t value)
{
    memcpy(block + used, &value, sizeof(value));
    used += sizeof(value);
}

static void put64(uint64_t value)
{
    put32((uint32_t)value);
    put32((uint32_t)(value >> 32));
}

static void put_text(const char *text)
{
    memcpy(block + used, text, strlen(text) + 1);
    used += strlen(text) + 1;
}

/* A tag begins; end_tag() writes its size. */
static size_t begin_tag(uint32_t type)
{
    const size_t start = used;
    put32(type);
    put32(0);
    return start;
}

static void end_tag(size_t start)
{
    const uint32_t size = (uint32_t)(used - start);
    memcpy(block + start + MULTIBOOT2_TAG_SIZE, &size, sizeof(size));
    used = (used + 7) & ~(size_t)7;
}

static void put_text_tag(uint32_t type, const char *text)
{
    const size_t tag = begin_tag(type);
    put_text(text);
    end_tag(tag);
}

static void put_module(uint32_t start, uint32_t end, const char *text)
{
    const size_t tag = begin_tag(MULTIBOOT2_TAG_MODULE);
    put32(start);
    put32(end);
    put_text(text);
    end_tag(tag);
}

static void put_memory(uint32_t entries, uint32_t entry_bytes)
{
    const size_t tag = begin_tag(MULTIBOOT2_TAG_MEMORY_MAP);
    put32(entry_bytes);
    put32(0);
    for (uint32_t i = 0; i < entries; i++) {
        put64(0x100000ULL * i);
        put64(0x100000);
        put64(E820_TYPE_USABLE);
        used += entry_bytes > 24 ? entry_bytes - 24 : 0;
    }
    end_tag(tag);
}

static size_t put_framebuffer(uint64_t phys, uint8_t type, uint8_t depth)
{
    static const uint8_t colours[] = { 16, 8, 8, 8, 0, 8 };
    const size_t tag = begin_tag(MULTIBOOT2_TAG_FRAMEBUFFER);
    put64(phys);
    put32(800 * 4);
    put32(800);
    put32(600);
    block[used++] = depth;
    block[used++] = type;
    used += 2;
    memcpy(block + used, colours, sizeof(colours));
    used += sizeof(colours);
    end_tag(tag);
    return tag;
}

static int begin_block(void **state)
{
    (void)state;
    memset(block, 0, sizeof(block));
    used = MULTIBOOT2_BLOCK_HEADER;
    return 0;
}

static const char *read_block(size_t bytes)
{
    const uint32_t size = (uint32_t)bytes;
    memcpy(block, &size, sizeof(size));
    struct foreign_block memory = foreign_block_of(BLOCK_PHYS, block, bytes);
    const struct foreign_reader reader = foreign_block_reader(&memory);
    const char *wrong = multiboot2_read(&reader, BLOCK_PHYS, &facts);
    free(memory.data);
    return wrong;
}

static const char *finish(void)
{
    end_tag(begin_tag(MULTIBOOT2_TAG_END));
    return read_block(used);
}

static void assert_says(const char *wrong, const char *part)
{
    assert_non_null(wrong);
    if (strstr(wrong, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", wrong, part);
}

static void reads_all_it_can_use(void **state)
{
    (void)state;
    put_text_tag(MULTIBOOT2_TAG_COMMAND_LINE, "selftest exit");
    put_text_tag(MULTIBOOT2_TAG_LOADER_NAME, "GRUB 9\x01");
    put_module(0x300000, 0x300123, "first word");
    put_module(0x400000, 0x400000, "");
    put_text_tag(99, "a tag of the future");
    put_memory(3, 32);
    put_framebuffer(0xFD000000, MULTIBOOT2_FRAMEBUFFER_DIRECT, 32);
    assert_null(finish());
    assert_string_equal(facts.command_line, "selftest exit");
    assert_string_equal(facts.loader, "GRUB 9?");
    assert_int_equal(facts.module_count, 2);
    assert_int_equal(facts.modules[0].phys, 0x300000);
    assert_int_equal(facts.modules[0].bytes, 0x123);
    assert_string_equal(facts.modules[0].name, "first");
    assert_int_equal(facts.modules[1].bytes, 0);
    assert_string_equal(facts.modules[1].name, "");
    assert_int_equal(facts.memory_count, 3);
    assert_int_equal(facts.memory[2].base, 0x200000);
    assert_int_equal(facts.video.kind, BOOT_VIDEO_FRAMEBUFFER);
    assert_int_equal(facts.video.phys, 0xFD000000);
    assert_int_equal(facts.video.red_shift, 16);
    assert_int_equal(facts.video.blue_bits, 8);
}

static void takes_text_and_passes_over_other_screens(void **state)
{
    (void)state;
    put_memory(1, 24);
    put_framebuffer(VGA_TEXT_PHYS, MULTIBOOT2_FRAMEBUFFER_EGA, 16);
    assert_null(finish());
    assert_int_equal(facts.video.kind, BOOT_VIDEO_TEXT);

    const struct {
        uint64_t phys;
        uint8_t type, depth;
    } others[] = {
        { 0xFD000000, 0, 8 },
        { 0xFD000000, MULTIBOOT2_FRAMEBUFFER_DIRECT, 16 },
        { UINT64_MAX - 100, MULTIBOOT2_FRAMEBUFFER_DIRECT, 32 },
        { 0xFD000000, MULTIBOOT2_FRAMEBUFFER_EGA, 16 },
    };
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        begin_block(NULL);
        put_memory(1, 24);
        put_framebuffer(others[i].phys, others[i].type, others[i].depth);
        assert_null(finish());
        assert_int_equal(facts.video.kind, 0);
    }
}

/* A colour outside of the pixel, and a line longer than its pitch. */
static void refuses_impossible_pixels(void **state)
{
    (void)state;
    put_memory(1, 24);
    const size_t tag = put_framebuffer(0xFD000000, MULTIBOOT2_FRAMEBUFFER_DIRECT, 32);
    block[tag + MULTIBOOT2_FRAMEBUFFER_RED] = 25;
    assert_null(finish());
    assert_int_equal(facts.video.kind, 0);
    block[tag + MULTIBOOT2_FRAMEBUFFER_RED] = 16;
    block[tag + MULTIBOOT2_FRAMEBUFFER_PITCH] = 0;
    block[tag + MULTIBOOT2_FRAMEBUFFER_PITCH + 1] = 1;
    assert_null(read_block(used));
    assert_int_equal(facts.video.kind, 0);
}

static void put_rsdp(uint32_t type, uint8_t bytes, uint8_t wrong_by)
{
    const size_t tag = begin_tag(type);
    uint8_t *rsdp = block + used;
    memcpy(rsdp, "RSD PTR ", 8);
    rsdp[RSDP_REVISION] = bytes == RSDP_V1_BYTES ? 0 : 2;
    rsdp[RSDP_LENGTH] = bytes == RSDP_V1_BYTES ? 0 : bytes;
    for (unsigned i = 0; i < RSDP_V1_BYTES; i++)
        rsdp[8] = (uint8_t)(rsdp[8] - (i == 8 ? 0 : rsdp[i]));
    for (unsigned i = 0; i < bytes; i++)
        rsdp[32] = (uint8_t)(rsdp[32] - (i == 32 ? 0 : rsdp[i]));
    rsdp[8] = (uint8_t)(rsdp[8] + wrong_by);
    used += bytes;
    end_tag(tag);
}

static void prefers_the_later_rsdp_and_checks_its_sums(void **state)
{
    (void)state;
    put_memory(1, 24);
    put_rsdp(MULTIBOOT2_TAG_RSDP_2, RSDP_V2_BYTES, 0);
    put_rsdp(MULTIBOOT2_TAG_RSDP_1, RSDP_V1_BYTES, 0);
    assert_null(finish());
    assert_int_equal(facts.rsdp_bytes, RSDP_V2_BYTES);
    begin_block(NULL);
    put_memory(1, 24);
    put_rsdp(MULTIBOOT2_TAG_RSDP_1, RSDP_V1_BYTES, 1);
    assert_null(finish());
    assert_int_equal(facts.rsdp_bytes, 0);
}

static void refuses_lists_that_are_too_long(void **state)
{
    (void)state;
    put_memory(FOREIGN_MEMORY_MAX + 1, 24);
    assert_says(finish(), "more entries");
    begin_block(NULL);
    put_memory(1, 24);
    for (unsigned i = 0; i <= FOREIGN_MODULES_MAX; i++)
        put_module(0x300000, 0x300001, "m");
    assert_says(finish(), "more modules");
    begin_block(NULL);
    put_memory(1, 24);
    const size_t tag = begin_tag(MULTIBOOT2_TAG_COMMAND_LINE);
    memset(block + used, 'a', FOREIGN_COMMAND_BYTES);
    used += FOREIGN_COMMAND_BYTES;
    end_tag(tag);
    assert_says(finish(), "command line");
}

static void refuses_damaged_tags(void **state)
{
    (void)state;
    assert_says(finish(), "no memory map");
    begin_block(NULL);
    put_memory(1, 8);
    assert_says(finish(), "too short");
    begin_block(NULL);
    put_memory(1, 24);
    put_module(0x300001, 0x300000, "backwards");
    assert_says(finish(), "ends before it starts");
    begin_block(NULL);
    end_tag(begin_tag(MULTIBOOT2_TAG_MODULE));
    assert_says(finish(), "too short");
    begin_block(NULL);
    put_memory(1, 24);
    assert_says(read_block(used), "ends before its tags do");
    assert_says(read_block(MULTIBOOT2_BLOCK_HEADER), "ends before its tags do");
}

/* A tag's size of every kind: none may be followed out of the block. */
static void refuses_sizes_that_leave_the_block(void **state)
{
    (void)state;
    static const uint32_t sizes[] = { 0, 7, 4096, 0x7FFFFFFF, 0xFFFFFFF8, UINT32_MAX };
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        begin_block(NULL);
        put_memory(1, 24);
        put32(MULTIBOOT2_TAG_COMMAND_LINE);
        put32(sizes[i]);
        assert_says(read_block(used), "runs out of");
    }
}

static void refuses_blocks_it_cannot_read(void **state)
{
    (void)state;
    put_memory(1, 24);
    end_tag(begin_tag(MULTIBOOT2_TAG_END));
    struct foreign_block memory = foreign_block_of(BLOCK_PHYS, block, used);
    const struct foreign_reader reader = foreign_block_reader(&memory);
    assert_says(multiboot2_read(&reader, BLOCK_PHYS + 1, &facts), "aligned");
    assert_says(multiboot2_read(&reader, 0, &facts), "nothing can be read");
    static const uint32_t sizes[] = { 0, 7, 0x2000000, UINT32_MAX };
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        memcpy(memory.data, &sizes[i], sizeof(sizes[i]));
        assert_says(multiboot2_read(&reader, BLOCK_PHYS, &facts), "no sensible size");
    }
    memory.data[0] = (uint8_t)(used + 8);
    memory.data[1] = memory.data[2] = memory.data[3] = 0;
    assert_says(multiboot2_read(&reader, BLOCK_PHYS, &facts), "reaches where");
    free(memory.data);
}

/* Good blocks with some bytes changed: read or refused, never past the end. */
static void survives_random_damage(void **state)
{
    (void)state;
    struct random random = { 5 };
    unsigned taken = 0;
    for (unsigned run = 0; run < RANDOM_RUNS; run++) {
        begin_block(NULL);
        put_text_tag(MULTIBOOT2_TAG_COMMAND_LINE, "exit");
        put_module(0x300000, 0x301000, "module");
        put_memory(4, 24);
        put_framebuffer(0xFD000000, MULTIBOOT2_FRAMEBUFFER_DIRECT, 32);
        put_rsdp(MULTIBOOT2_TAG_RSDP_2, RSDP_V2_BYTES, 0);
        end_tag(begin_tag(MULTIBOOT2_TAG_END));
        for (uint64_t i = random_below(&random, 4); i > 0; i--)
            block[MULTIBOOT2_BLOCK_HEADER + random_below(&random, used - MULTIBOOT2_BLOCK_HEADER)] =
                (uint8_t)random_next(&random);
        taken += read_block(used - 8 * random_below(&random, 2)) == NULL;
    }
    assert_in_range(taken, RANDOM_RUNS / 10, RANDOM_RUNS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_all_it_can_use, begin_block),
        cmocka_unit_test_setup(takes_text_and_passes_over_other_screens, begin_block),
        cmocka_unit_test_setup(refuses_impossible_pixels, begin_block),
        cmocka_unit_test_setup(prefers_the_later_rsdp_and_checks_its_sums, begin_block),
        cmocka_unit_test_setup(refuses_lists_that_are_too_long, begin_block),
        cmocka_unit_test_setup(refuses_damaged_tags, begin_block),
        cmocka_unit_test_setup(refuses_sizes_that_leave_the_block, begin_block),
        cmocka_unit_test_setup(refuses_blocks_it_cannot_read, begin_block),
        cmocka_unit_test_setup(survives_random_damage, begin_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
