/* SPDX-License-Identifier: MIT
 *
 * Unit tests of relocation on an image built by hand: what is done, and every
 * table and target that must be refused. AddressSanitizer watches the edges.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/elf64_builder.h"

#define SLIDE         0xFFFFFFFF80000000
#define CODE          0x1000 /* a segment of CODE_BYTES bytes, read and execute */
#define CODE_BYTES    0x100
#define DATA          0x2010 /* a segment of DATA_BYTES bytes, read and write */
#define DATA_BYTES    0xFF0
#define DYNAMIC       0x2100
#define DYNAMIC_BYTES 0x100
#define TABLE         0x2200
#define TARGET        0x2800

static struct elf64_plan plan;
static struct elf64_image image;
static struct elf64_problem problem;
static unsigned dynamic_count;

static int set_up(void **state)
{
    (void)state;
    struct elf64_builder elf;
    elf64_builder_make(&elf, ELF_ET_DYN, CODE);
    elf64_builder_add(&elf, ELF_PT_LOAD, ELF_PF_R | ELF_PF_X, CODE, CODE_BYTES, CODE_BYTES);
    elf64_builder_add(&elf, ELF_PT_LOAD, ELF_PF_R | ELF_PF_W, DATA, DATA_BYTES, DATA_BYTES);
    elf64_builder_add(&elf, ELF_PT_DYNAMIC, ELF_PF_R, DYNAMIC, DYNAMIC_BYTES, DYNAMIC_BYTES);
    if (elf64_builder_plan(&elf, &plan, &problem) != BOOT_OK)
        return -1;
    for (unsigned i = 0; i < plan.segment_count; i++)
        image.pages[i] = calloc(1, plan.segments[i].page_bytes);
    dynamic_count = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < plan.segment_count; i++)
        free(image.pages[i]);
    return 0;
}

static uint8_t *at(uint64_t virt)
{
    const unsigned segment = virt < plan.segments[1].page_virt ? 0 : 1;
    return image.pages[segment] + (virt - plan.segments[segment].page_virt);
}

static void dynamic_add(uint64_t tag, uint64_t value)
{
    elf64_put(at(DYNAMIC + 16 * dynamic_count), 8, tag);
    elf64_put(at(DYNAMIC + 16 * dynamic_count + 8), 8, value);
    dynamic_count++;
}

static void rela_add(unsigned index, uint64_t offset, uint32_t type, uint32_t symbol,
                     uint64_t addend)
{
    struct elf64_rela *rela = (struct elf64_rela *)at(TABLE) + index;
    ELF64_PUT(rela->offset, offset);
    ELF64_PUT(rela->type, type);
    ELF64_PUT(rela->symbol, symbol);
    ELF64_PUT(rela->addend, addend);
}

static void rela_dynamic(uint64_t table, uint64_t bytes, uint64_t entry)
{
    dynamic_add(ELF_DT_RELA, table);
    dynamic_add(ELF_DT_RELASZ, bytes);
    dynamic_add(ELF_DT_RELAENT, entry);
}

static void relr_dynamic(uint64_t table, uint64_t bytes, uint64_t entry)
{
    dynamic_add(ELF_DT_RELR, table);
    dynamic_add(ELF_DT_RELRSZ, bytes);
    dynamic_add(ELF_DT_RELRENT, entry);
}

static enum boot_status relocate(void)
{
    problem.what = NULL;
    const enum boot_status status = elf64_relocate(&plan, &image, SLIDE, &problem);
    if (status != BOOT_OK)
        assert_non_null(problem.what);
    return status;
}

static void applies_rela(void **state)
{
    (void)state;
    rela_add(0, TARGET, ELF_R_X86_64_RELATIVE, 0, 0x1234);
    rela_add(1, 0, ELF_R_X86_64_NONE, 7, 0);
    rela_add(2, CODE + 1, ELF_R_X86_64_RELATIVE, 0, CODE); /* any alignment, any segment */
    rela_add(3, DATA + DATA_BYTES - 8, ELF_R_X86_64_RELATIVE, 0, (uint64_t)-8);
    rela_dynamic(TABLE, 4 * 24, 24);
    dynamic_add(ELF_DT_NULL, 0);
    dynamic_add(ELF_DT_NEEDED, 1); /* behind the end: not there */
    assert_int_equal(relocate(), BOOT_OK);
    assert_int_equal(load_le64(at(TARGET)), SLIDE + 0x1234);
    assert_int_equal(load_le64(at(CODE + 1)), SLIDE + CODE);
    assert_int_equal(load_le64(at(DATA + DATA_BYTES - 8)), SLIDE - 8);
    assert_int_equal(load_le64(at(TARGET + 8)), 0);
}

static void applies_relr(void **state)
{
    (void)state;
    elf64_put(at(TABLE), 8, TARGET);
    elf64_put(at(TABLE + 8), 8, 1 | 1 << 1 | 1 << 3 | 1ULL << 63); /* words 1, 3, 63 */
    elf64_put(at(TABLE + 16), 8, 1 | 1 << 1);                      /* word 64 */
    elf64_put(at(TABLE + 24), 8, CODE);
    for (unsigned i = 0; i < 70; i++)
        elf64_put(at(TARGET + 8 * i), 8, i);
    elf64_put(at(CODE), 8, 99);
    relr_dynamic(TABLE, 4 * 8, 8);
    assert_int_equal(relocate(), BOOT_OK);
    for (unsigned i = 0; i < 70; i++) {
        const bool moved = i == 0 || i == 1 || i == 3 || i == 63 || i == 64;
        assert_int_equal(load_le64(at(TARGET + 8 * i)), moved ? SLIDE + i : i);
    }
    assert_int_equal(load_le64(at(CODE)), SLIDE + 99);
}

static void does_nothing_where_nothing_is_asked(void **state)
{
    (void)state;
    assert_int_equal(relocate(), BOOT_OK);
    dynamic_add(ELF_DT_RELA, 0xDEAD000000000000); /* of no bytes */
    dynamic_add(ELF_DT_PLTRELSZ, 0);
    dynamic_add(0x6FFFFEF5, 1);
    assert_int_equal(relocate(), BOOT_OK);
    plan.dynamic_bytes = 0;
    dynamic_add(ELF_DT_NEEDED, 1);
    assert_int_equal(relocate(), BOOT_OK);
}

/* A dynamic table that is full to its last byte has no end mark, and ends all the same. */
static void stops_at_the_end_of_the_dynamic_table(void **state)
{
    (void)state;
    while (dynamic_count < DYNAMIC_BYTES / 16)
        dynamic_add(0x6FFFFEF5, 1);
    dynamic_add(ELF_DT_NEEDED, 1);
    assert_int_equal(relocate(), BOOT_OK);
    plan.dynamic_bytes += 16;
    assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
    assert_int_equal(problem.index, DYNAMIC_BYTES / 16);
    assert_int_equal(problem.value, ELF_DT_NEEDED);
}

static void refuses_what_it_does_not_do(void **state)
{
    (void)state;
    static const uint64_t tags[] = { ELF_DT_NEEDED, ELF_DT_PLTRELSZ, ELF_DT_RELSZ };
    for (size_t i = 0; i < ARRAY_COUNT(tags); i++) {
        dynamic_count = 0;
        dynamic_add(tags[i], 24);
        assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
        assert_string_equal(problem.what, "dynamic entry");
        assert_int_equal(problem.value, tags[i]);
    }
    dynamic_count = 0;
    rela_dynamic(TABLE, 2 * 24, 24);
    static const uint32_t types[] = { 1, 2, 5, 6, 7, 16, 37, 8 | 1 << 8, UINT32_MAX };
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        rela_add(1, TARGET, types[i], 0, 0);
        assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
        assert_string_equal(problem.what, "relocation");
        assert_int_equal(problem.index, 1);
        assert_int_equal(problem.value, types[i]);
    }
    rela_add(1, TARGET, ELF_R_X86_64_RELATIVE, 1, 0); /* relative to a symbol? */
    assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
}

/* Addresses at which 8 bytes are not inside one segment. */
static const uint64_t outside[] = {
    0,
    CODE - 1,
    CODE - 8,
    CODE + CODE_BYTES - 7,
    CODE + CODE_BYTES,
    DATA - 1,
    DATA + DATA_BYTES - 7,
    DATA + DATA_BYTES,
    UINT64_MAX,
    UINT64_MAX - 7,
    SLIDE + DATA,
};

static void refuses_targets_outside(void **state)
{
    (void)state;
    rela_dynamic(TABLE, 24, 24);
    for (size_t i = 0; i < ARRAY_COUNT(outside); i++) {
        rela_add(0, outside[i], ELF_R_X86_64_RELATIVE, 0, 0);
        assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
        assert_int_equal(problem.value, outside[i]);
    }
    memset(at(DYNAMIC), 0, DYNAMIC_BYTES);
    dynamic_count = 0;
    relr_dynamic(TABLE, 8, 8);
    for (size_t i = 0; i < ARRAY_COUNT(outside); i++) {
        elf64_put(at(TABLE), 8, outside[i] & ~1ULL);
        if ((outside[i] & 1) == 0)
            assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
    }
    elf64_put(at(TABLE), 8, 3); /* bits before any address */
    assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
}

static void refuses_tables_outside(void **state)
{
    (void)state;
    static const struct {
        uint64_t table, bytes, entry;
        bool is_good;
    } cases[] = {
        { TABLE, 24, 24, true },
        { DATA + DATA_BYTES - 24, 24, 24, true },
        { DATA + DATA_BYTES - 23, 24, 24, false },
        { DATA + DATA_BYTES - 24, 48, 24, false },
        { DATA, DATA_BYTES + 24, 24, false },
        { TABLE, 23, 24, false },
        { TABLE, 25, 24, false },
        { TABLE, 24, 0, false },
        { TABLE, 24, 16, false },
        { TABLE, UINT64_MAX - 7, 24, false },
        { 0, 24, 24, false },
        { UINT64_MAX, 24, 24, false },
        { UINT64_MAX - 23, 24, 24, false },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        dynamic_count = 0;
        rela_dynamic(cases[i].table, cases[i].bytes, cases[i].entry);
        assert_int_equal(relocate(), cases[i].is_good ? BOOT_OK : BOOT_E_ELF_DYNAMIC);
    }
    dynamic_count = 0;
    rela_dynamic(0, 0, 0);
    elf64_put(at(TABLE), 8, TARGET);
    relr_dynamic(TABLE, 12, 8);
    assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
    dynamic_count = 3;
    relr_dynamic(TABLE, 8, 16);
    assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
    dynamic_count = 3;
    relr_dynamic(DATA + DATA_BYTES - 4, 8, 8);
    assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
}

/* A relocation that overwrites its own table, and the dynamic table, does no harm. */
static void survives_tables_that_overwrite_themselves(void **state)
{
    (void)state;
    rela_add(0, TABLE + 24 + 8, ELF_R_X86_64_RELATIVE, 0, 5); /* the type of the next */
    rela_add(1, TARGET, ELF_R_X86_64_RELATIVE, 0, 0);
    rela_dynamic(TABLE, 48, 24);
    assert_int_equal(relocate(), BOOT_E_ELF_DYNAMIC);
    rela_add(0, DYNAMIC + 24, ELF_R_X86_64_RELATIVE, 0, UINT64_MAX); /* DT_RELASZ */
    rela_add(1, TARGET, ELF_R_X86_64_RELATIVE, 0, 1);
    assert_int_equal(relocate(), BOOT_OK);
    assert_int_equal(load_le64(at(TARGET)), SLIDE + 1);
}

#define RELOCATE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RELOCATE_TEST(applies_rela),
        RELOCATE_TEST(applies_relr),
        RELOCATE_TEST(does_nothing_where_nothing_is_asked),
        RELOCATE_TEST(stops_at_the_end_of_the_dynamic_table),
        RELOCATE_TEST(refuses_what_it_does_not_do),
        RELOCATE_TEST(refuses_targets_outside),
        RELOCATE_TEST(refuses_tables_outside),
        RELOCATE_TEST(survives_tables_that_overwrite_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
