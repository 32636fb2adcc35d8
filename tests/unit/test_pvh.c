/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the reader of PVH's start info: what a good one says, and every
 * way in which one can lie. All of it lies in one block of memory.
 */
#include <string.h>

#include "cmocka_all.h"
#include "foreign_memory.h"
#include "hw/e820.h"
#include "hw/pvh.h"
#include "kernel/foreign/pvh.h"
#include "random.h"

#define BLOCK_PHYS  0x9000
#define COMMAND_AT  0x100
#define MEMORY_AT   0x200
#define MODULES_AT  0x300
#define RSDP_AT     0x400
#define NAME_AT     0x4F0
#define BLOCK_BYTES 0x500
#define RANDOM_RUNS 20000

static uint8_t block[BLOCK_BYTES];
static struct foreign_facts facts;

static void put32(size_t at, uint32_t value)
{
    memcpy(block + at, &value, sizeof(value));
}

static void put64(size_t at, uint64_t value)
{
    memcpy(block + at, &value, sizeof(value));
}

static void put_rsdp(void)
{
    uint8_t *rsdp = block + RSDP_AT;
    memcpy(rsdp, "RSD PTR ", 8);
    for (unsigned i = 0; i < RSDP_V1_BYTES; i++)
        rsdp[8] = (uint8_t)(rsdp[8] - (i == 8 ? 0 : rsdp[i]));
}

static int make_block(void **state)
{
    (void)state;
    memset(block, 0, sizeof(block));
    put32(PVH_START_MAGIC, PVH_MAGIC);
    put32(PVH_START_VERSION, PVH_VERSION_WITH_MEMORY);
    put32(PVH_START_MODULE_COUNT, 1);
    put64(PVH_START_MODULES, BLOCK_PHYS + MODULES_AT);
    put64(PVH_START_COMMAND_LINE, BLOCK_PHYS + COMMAND_AT);
    put64(PVH_START_RSDP, BLOCK_PHYS + RSDP_AT);
    put64(PVH_START_MEMORY, BLOCK_PHYS + MEMORY_AT);
    put32(PVH_START_MEMORY_COUNT, 2);
    memcpy(block + COMMAND_AT, "selftest exit", 14);
    put64(MEMORY_AT + PVH_MEMORY_ENTRY_BYTES + PVH_MEMORY_BASE, 0x100000);
    put64(MEMORY_AT + PVH_MEMORY_ENTRY_BYTES + PVH_MEMORY_LENGTH, 0x700000);
    put32(MEMORY_AT + PVH_MEMORY_ENTRY_BYTES + PVH_MEMORY_TYPE, E820_TYPE_USABLE);
    put64(MODULES_AT + PVH_MODULE_PHYS, 0x400000);
    put64(MODULES_AT + PVH_MODULE_SIZE, 5000);
    put64(MODULES_AT + PVH_MODULE_COMMAND_LINE, BLOCK_PHYS + NAME_AT);
    memcpy(block + NAME_AT, "disk and more", 14);
    put_rsdp();
    return 0;
}

static const char *read_at(uint64_t phys)
{
    struct foreign_block memory = foreign_block_of(BLOCK_PHYS, block, sizeof(block));
    const struct foreign_reader reader = foreign_block_reader(&memory);
    const char *wrong = pvh_read(&reader, phys, &facts);
    free(memory.data);
    return wrong;
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
    assert_null(read_at(BLOCK_PHYS));
    assert_string_equal(facts.command_line, "selftest exit");
    assert_int_equal(facts.memory_count, 2);
    assert_int_equal(facts.memory[1].base, 0x100000);
    assert_int_equal(facts.memory[1].type, E820_TYPE_USABLE);
    assert_int_equal(facts.module_count, 1);
    assert_int_equal(facts.modules[0].phys, 0x400000);
    assert_int_equal(facts.modules[0].bytes, 5000);
    assert_string_equal(facts.modules[0].name, "disk");
    assert_int_equal(facts.rsdp_phys, BLOCK_PHYS + RSDP_AT);
    assert_int_equal(facts.video.kind, 0);
}

static void does_without_what_is_optional(void **state)
{
    (void)state;
    put64(PVH_START_COMMAND_LINE, 0);
    put32(PVH_START_MODULE_COUNT, 0);
    put64(PVH_START_MODULES, 0);
    block[RSDP_AT + 8]++;
    assert_null(read_at(BLOCK_PHYS));
    assert_string_equal(facts.command_line, "");
    assert_int_equal(facts.module_count, 0);
    assert_int_equal(facts.rsdp_phys, 0);
}

static void refuses_another_structure(void **state)
{
    (void)state;
    assert_says(read_at(0), "nothing can be read");
    assert_says(read_at(BLOCK_PHYS + BLOCK_BYTES - PVH_START_BYTES + 1), "nothing can be read");
    assert_says(read_at(BLOCK_PHYS + 8), "wrong magic");
    put32(PVH_START_VERSION, 0);
    assert_says(read_at(BLOCK_PHYS), "version 0");
    make_block(NULL);
    memmove(block + BLOCK_BYTES - PVH_START_BYTES, block, PVH_START_BYTES);
    assert_says(read_at(BLOCK_PHYS + BLOCK_BYTES - PVH_START_BYTES), "reaches where");
}

/* Every pointer and every count, one after the other. */
static void refuses_lists_that_lie_elsewhere(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint64_t value;
        const char *says;
    } lies[] = {
        { PVH_START_MEMORY, 0, "no memory map" },
        { PVH_START_MEMORY, UINT64_MAX, "memory map lies" },
        { PVH_START_MEMORY, BLOCK_PHYS + BLOCK_BYTES - 47, "memory map lies" },
        { PVH_START_MEMORY_COUNT, 0, "no memory map" },
        { PVH_START_MEMORY_COUNT, FOREIGN_MEMORY_MAX + 1, "more entries" },
        { PVH_START_MEMORY_COUNT, UINT32_MAX, "more entries" },
        { PVH_START_MODULES, 0, "list of modules lies" },
        { PVH_START_MODULES, UINT64_MAX - 7, "list of modules lies" },
        { PVH_START_COMMAND_LINE, UINT64_MAX, "command line" },
        { PVH_START_COMMAND_LINE, 0x100, "command line" },
    };
    for (size_t i = 0; i < ARRAY_COUNT(lies); i++) {
        make_block(NULL);
        put64(lies[i].at, lies[i].value);
        assert_says(read_at(BLOCK_PHYS), lies[i].says);
    }
    make_block(NULL);
    put32(PVH_START_MODULE_COUNT, FOREIGN_MODULES_MAX + 1);
    assert_says(read_at(BLOCK_PHYS), "more modules");
}

static void survives_random_damage(void **state)
{
    (void)state;
    struct random random = { 6 };
    unsigned taken = 0;
    for (unsigned run = 0; run < RANDOM_RUNS; run++) {
        make_block(NULL);
        for (uint64_t i = random_below(&random, 3); i > 0; i--)
            block[random_below(&random, PVH_START_BYTES_1)] = (uint8_t)random_next(&random);
        taken += read_at(BLOCK_PHYS) == NULL;
    }
    assert_in_range(taken, RANDOM_RUNS / 10, RANDOM_RUNS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_all_it_can_use, make_block),
        cmocka_unit_test_setup(does_without_what_is_optional, make_block),
        cmocka_unit_test_setup(refuses_another_structure, make_block),
        cmocka_unit_test_setup(refuses_lists_that_lie_elsewhere, make_block),
        cmocka_unit_test_setup(survives_random_damage, make_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
