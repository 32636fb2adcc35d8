/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the reader of firmware records: one record that is right, in
 * all the dress a log may put it in, and every way to spoil it.
 */
#include <stdio.h>
#include <string.h>

#include "kernel/core/crc32c.h"
#include "tests/unit/cmocka_all.h"
#include "tools/replay/record.h"

#define TEXT_BYTES 32768

static const char *const good[] = {
    "record 1 stage2=61484390 kernel=88029419",
    "entry ax=1 bx=2 cx=3 dx=81 si=5 di=6 bp=7",
    "entry cs=7c0 ds=40 es=9000 ss=50 sp=1235 flags=4493",
    "a20 method=2",
    "int15-2401 ax=3 flags=246",
    "int13-41 ax=3000 bx=aa55 cx=7 flags=202",
    "int13-48 ax=4 flags=206",
    "int13-48 at=0 bytes=1e000200ff",
    "int13-48 at=5 bytes=0102",
    "int13-08 ax=8 bx=9 cx=fe3f dx=0f02 es=a di=b flags=212",
    "int12 ax=27f",
    "ebda segment=9fc0",
    "int15-e801 ax=3c00 bx=efd cx=c dx=d flags=202",
    "int15-88 ax=fc00 flags=242",
    "int15-e820 base=0 length=9fc00 type=1 attr=1 ecx=14 ebx=1 flags=202",
    "int15-e820 base=1 length=fffffffffff00000 type=3 attr=9 ecx=18 ebx=fedcba98 flags=2 eax=1",
    "int15-e820-end how=2 asked=18",
    "disk drive=81 by=chs copy=b reads=16 retries=0 stage1-retries=0",
    "step number=1 argument=0 tsc=ffffffffffffffff",
    "step number=2 argument=80 tsc=0",
};
#define GOOD_LINES  ARRAY_COUNT(good)
#define END_OF_GOOD ((unsigned)GOOD_LINES + 1)

/* The lines under test; the sum is of them, whatever they are. */
static const char *lines[GOOD_LINES];
static char text[TEXT_BYTES];

static int set_up(void **state)
{
    (void)state;
    memcpy(lines, good, sizeof(lines));
    return 0;
}

/* The place of the line of `good` that starts so. */
static size_t line_of(const char *start)
{
    for (size_t i = 0; i < GOOD_LINES; i++)
        if (strncmp(good[i], start, strlen(start)) == 0)
            return i;
    fail_msg("no line %s", start);
    return 0;
}

/* Write the lines, each with `ending` for its LF, and the end; a NULL line is left out. */
static size_t write_record(const char *before, const char *ending)
{
    struct crc32c_tables tables;
    uint32_t sum = 0;
    size_t length = (size_t)snprintf(text, sizeof(text), "%s", before);

    crc32c_tables_fill(&tables);
    for (size_t i = 0; i < GOOD_LINES; i++) {
        if (lines[i] == NULL)
            continue;
        sum = crc32c_update(&tables, sum, lines[i], strlen(lines[i]));
        sum = crc32c_update(&tables, sum, "\n", 1);
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s", lines[i], ending);
    }
    length += (size_t)snprintf(text + length, sizeof(text) - length, "end sum=%08x%s", sum, ending);
    assert_true(length < sizeof(text));
    return length;
}

static struct record record;
static struct record_problem problem;

/* The lines must be refused: the status, the line, the word. */
static void refused(enum record_status status, unsigned line, const char *word)
{
    const size_t length = write_record("", "\n");
    assert_false(record_read(text, length, &record, &problem));
    assert_string_equal(record_reason(problem.status), record_reason(status));
    assert_int_equal(problem.line, line);
    assert_string_equal(problem.word, word);
}

/* The same with one line replaced. */
static void refused_with(enum record_status status, const char *start, const char *with,
                         const char *word)
{
    const size_t place = line_of(start);
    memcpy(lines, good, sizeof(lines));
    lines[place] = with;
    refused(status, (unsigned)place + 1, word);
}

static void reads_every_value(void **state)
{
    (void)state;
    assert_true(record_read(text, write_record("", "\n"), &record, &problem));
    assert_int_equal(record.stage2_build, 0x61484390);
    assert_int_equal(record.entry.ax, 1);
    assert_int_equal(record.entry.bp, 7);
    assert_int_equal(record.entry.cs, 0x7C0);
    assert_int_equal(record.entry.flags, 0x4493);
    assert_int_equal(record.a20_method, BOOT_A20_BIOS);
    assert_int_equal(record.a20_on.ax, 3);
    assert_int_equal(record.edd_check.bx, 0xAA55);
    assert_int_equal(record.edd_parameters.flags, 0x206);
    assert_int_equal(record.parameters_bytes, 7);
    assert_memory_equal(record.parameters, "\x1e\x00\x02\x00\xff\x01\x02", 7);
    assert_int_equal(record.geometry.dx, 0xF02);
    assert_int_equal(record.geometry.di, 0xB);
    assert_int_equal(record.low_kib, 0x27F);
    assert_int_equal(record.ebda_segment, 0x9FC0);
    assert_int_equal(record.e801.dx, 0xD);
    assert_int_equal(record.extended.ax, 0xFC00);
    assert_int_equal(record.e820_count, 2);
    assert_int_equal(record.e820[0].returned_eax, 0x534D4150);
    assert_int_equal(record.e820[1].returned_eax, 1);
    assert_true(record.e820[1].length == 0xFFFFFFFFFFF00000);
    assert_int_equal(record.e820[1].continuation, 0xFEDCBA98);
    assert_int_equal(record.e820_end, BOOT_E820_END_CARRY);
    assert_int_equal(record.e820_asked, 24);
    assert_int_equal(record.drive, 0x81);
    assert_int_equal(record.by, RECORD_BY_CHS);
    assert_int_equal(record.copy, 1);
}

static void finds_it_in_any_log(void **state)
{
    (void)state;
    const char *const before = "record\nrecord 2 of five\r\nA record 1 is\n\n\x1b[m> record\n";
    assert_true(record_read(text, write_record(before, " \t\r\r\n"), &record, &problem));
    size_t length = write_record("\n", "\r\n");
    length += (size_t)snprintf(text + length, sizeof(text) - length, "entry of the next one\n");
    assert_true(record_read(text, length, &record, &problem));
    length = write_record("", "\n") - 1; /* the last line may lack its LF */
    assert_true(record_read(text, length, &record, &problem));
}

static void wants_a_record(void **state)
{
    (void)state;
    assert_false(record_read("", 0, &record, &problem));
    assert_int_equal(problem.status, RECORD_E_NONE);
    assert_int_equal(problem.line, 0);
    lines[0] = "record 2 stage2=0 kernel=0";
    refused(RECORD_E_VERSION, 1, "");
    lines[0] = "record one";
    refused(RECORD_E_NONE, 0, "");
}

static void wants_its_end(void **state)
{
    (void)state;
    const size_t length = write_record("\n\n", "\n");
    char *const end = strstr(text, "end sum");
    assert_false(record_read(text, (size_t)(end - text), &record, &problem));
    assert_int_equal(problem.status, RECORD_E_UNENDED);
    assert_int_equal(problem.line, 3);
    assert_false(record_read(text, length - 2, &record, &problem));
    assert_int_equal(problem.status, RECORD_E_SUM);
}

static void adds_up(void **state)
{
    (void)state;
    const size_t length = write_record("", "\n");
    *(strstr(text, "9fc00")) = '8';
    assert_false(record_read(text, length, &record, &problem));
    assert_int_equal(problem.status, RECORD_E_SUM);
    assert_int_equal(problem.line, END_OF_GOOD);
}

static void refuses_what_it_does_not_know(void **state)
{
    (void)state;
    refused_with(RECORD_E_LINE, "int12", "int11 ax=1", "int11");
    refused_with(RECORD_E_LINE, "int12", "", "");
    refused_with(RECORD_E_KEY, "int12", "int12 ax=27f bx=1", "bx=1");
    refused_with(RECORD_E_KEY, "int12", "int12 27f", "27f");
    refused_with(RECORD_E_KEY, "int12", "int12  ax=27f", "");
    refused_with(RECORD_E_KEY, "int12", "int12 ax=27f a\x01very-long-word-of-more-than-31-letters",
                 "a?very-long-word-of-more-than-3");
    refused_with(RECORD_E_KEY_MISSING, "int15-88", "int15-88 ax=fc00", "flags");
    refused_with(RECORD_E_KEY_TWICE, "int15-88", "int15-88 ax=fc00 flags=2 ax=fc00", "ax=fc00");
    refused_with(RECORD_E_KEY_TWICE, "entry cs", "entry cs=0 ax=1", "ax=1");
    refused_with(RECORD_E_LINE_TWICE, "int15-88", "int12 ax=27f", "int12");
}

static void refuses_bad_numbers(void **state)
{
    (void)state;
    refused_with(RECORD_E_NUMBER, "int12", "int12 ax=", "ax=");
    refused_with(RECORD_E_NUMBER, "int12", "int12 ax=10000", "ax=10000");
    refused_with(RECORD_E_NUMBER, "int12", "int12 ax=27F", "ax=27F");
    refused_with(RECORD_E_NUMBER, "int12", "int12 ax=0x27", "ax=0x27");
    refused_with(RECORD_E_NUMBER, "int12", "int12 ax=-1", "ax=-1");
    refused_with(RECORD_E_NUMBER, "step number=1", "step number=1 argument=0 tsc=10000000000000000",
                 "tsc=10000000000000000");
    memcpy(lines, good, sizeof(lines));
    lines[line_of("int12")] = "int12 ax=00000000000000000000027f";
    assert_true(record_read(text, write_record("", "\n"), &record, &problem));
}

static void refuses_values_without_a_meaning(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        { "a20", "a20 method=0" },
        { "a20", "a20 method=5" },
        { "int15-e820-end", "int15-e820-end how=0 asked=18" },
        { "int15-e820-end", "int15-e820-end how=7 asked=18" },
        { "int15-e820-end", "int15-e820-end how=1 asked=15" },
    };
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        memcpy(lines, good, sizeof(lines));
        lines[line_of(bad[i][0])] = bad[i][1];
        refused(RECORD_E_VALUE, 1, bad[i][0]);
    }
    refused_with(RECORD_E_VALUE, "disk",
                 "disk drive=80 by=lba copy=a reads=1 retries=0 "
                 "stage1-retries=0",
                 "by=lba");
    memcpy(lines, good, sizeof(lines));
    lines[line_of("entry cs")] = "entry cs=7c1";
    refused(RECORD_E_ENTRY, 1, "entry");
}

static void wants_a_geometry_for_chs(void **state)
{
    (void)state;
    const size_t place = line_of("int13-08");
    lines[place] = "int13-08 ax=0 bx=0 cx=ff00 dx=f02 es=0 di=0 flags=202";
    refused(RECORD_E_GEOMETRY, 1, "int13-08");
    lines[place] = "int13-08 ax=0 bx=0 cx=ff3f dx=f02 es=0 di=0 flags=203";
    assert_true(record_read(text, write_record("", "\n"), &record, &problem));
    lines[place] = NULL;
    refused(RECORD_E_LINE_MISSING, 1, "int13-08");
}

static void wants_every_line(void **state)
{
    (void)state;
    static const char *const wanted[] = { "a20",      "int13-41",   "int12",
                                          "ebda",     "disk",       "int15-e801",
                                          "int15-88", "int15-2401", "int15-e820-end" };
    for (size_t i = 0; i < ARRAY_COUNT(wanted); i++) {
        memcpy(lines, good, sizeof(lines));
        lines[line_of(wanted[i])] = NULL;
        refused(RECORD_E_LINE_MISSING, 1, wanted[i]);
    }
    memcpy(lines, good, sizeof(lines));
    lines[line_of("int13-48 ax")] = NULL;
    refused(RECORD_E_LINE_MISSING, 1, "int13-48");
}

static void bytes_are_whole_and_in_a_row(void **state)
{
    (void)state;
    static const char *const bad[] = { "at=4 bytes=01", "at=6 bytes=01", "at=5 bytes=012",
                                       "at=5 bytes=0g", "at=x bytes=01" };
    static const char *const word[] = { "at=4", "at=6", "bytes=012", "bytes=0g", "at=x" };
    static char line[80], long_line[600] = "int13-48 at=5 bytes=";
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        snprintf(line, sizeof(line), "int13-48 %s", bad[i]);
        refused_with(RECORD_E_BYTES, "int13-48 at=5", line, word[i]);
    }
    for (unsigned i = 5; i < RECORD_PARAMETERS_MAX; i++)
        strcat(long_line, "5a");
    lines[line_of("int13-48 at=5")] = long_line;
    assert_true(record_read(text, write_record("", "\n"), &record, &problem));
    assert_int_equal(record.parameters_bytes, RECORD_PARAMETERS_MAX);
    strcat(long_line, "5a");
    assert_false(record_read(text, write_record("", "\n"), &record, &problem));
    assert_int_equal(problem.status, RECORD_E_BYTES);
}

/* One line that is many: 255 answers more are the most there may be, with the one before. */
static void answers_have_a_limit(void **state)
{
    (void)state;
    static char many[MEMORY_ANSWERS_MAX * 80];
    const char *const answer = "int15-e820 base=0 length=1 type=1 attr=1 ecx=14 ebx=1 flags=2";
    const size_t place = line_of("int15-e820 base=1");

    many[0] = '\0';
    for (unsigned i = 1; i < MEMORY_ANSWERS_MAX; i++)
        sprintf(many + strlen(many), "%s%s", i > 1 ? "\n" : "", answer);
    lines[place] = many;
    assert_true(record_read(text, write_record("", "\n"), &record, &problem));
    assert_int_equal(record.e820_count, MEMORY_ANSWERS_MAX);
    lines[place + 1] = answer;
    refused(RECORD_E_E820_FULL, (unsigned)place + MEMORY_ANSWERS_MAX, "int15-e820");
}

static void no_answers_only_without_e820(void **state)
{
    (void)state;
    lines[line_of("int15-e820-end")] = "int15-e820-end how=6 asked=14";
    refused(RECORD_E_E820_NONE, 1, "int15-e820-end");
    lines[line_of("int15-e820 base=0")] = NULL;
    lines[line_of("int15-e820 base=1")] = NULL;
    assert_true(record_read(text, write_record("", "\n"), &record, &problem));
    assert_int_equal(record.e820_count, 0);
    lines[line_of("int15-e820-end")] = good[line_of("int15-e820-end")];
    refused(RECORD_E_E820_NONE, 1, "int15-e820-end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_every_value, set_up),
        cmocka_unit_test_setup(finds_it_in_any_log, set_up),
        cmocka_unit_test_setup(wants_a_record, set_up),
        cmocka_unit_test_setup(wants_its_end, set_up),
        cmocka_unit_test_setup(adds_up, set_up),
        cmocka_unit_test_setup(refuses_what_it_does_not_know, set_up),
        cmocka_unit_test_setup(refuses_bad_numbers, set_up),
        cmocka_unit_test_setup(refuses_values_without_a_meaning, set_up),
        cmocka_unit_test_setup(wants_a_geometry_for_chs, set_up),
        cmocka_unit_test_setup(wants_every_line, set_up),
        cmocka_unit_test_setup(bytes_are_whole_and_in_a_row, set_up),
        cmocka_unit_test_setup(answers_have_a_limit, set_up),
        cmocka_unit_test_setup(no_answers_only_without_e820, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
