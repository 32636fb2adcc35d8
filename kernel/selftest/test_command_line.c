/* SPDX-License-Identifier: MIT
 *
 * Tests of the command line's words.
 */
#include "kernel/boot/command_line.h"
#include "kernel/core/string.h"
#include "kernel/selftest/selftest.h"

static unsigned unknown_words;

static void count_unknown(const char *word, size_t bytes)
{
    (void)word;
    unknown_words += bytes > 0 ? 1 : 0;
}

static struct command_line parse(const char *text)
{
    struct command_line line;
    unknown_words = 0;
    command_line_parse(text, &line, count_unknown);
    return line;
}

SELFTEST(command_line_words, "command-line.words")
{
    const struct command_line line = parse("  selftest=audit.* record bench exit\tpanic=reboot ");
    SELFTEST_CHECK(line.selftest);
    SELFTEST_CHECK(string_equals(line.pattern, "audit.*"));
    SELFTEST_CHECK(line.record);
    SELFTEST_CHECK(line.bench);
    SELFTEST_CHECK(line.leave);
    SELFTEST_EQUAL(line.panic, PANIC_REBOOT);
    SELFTEST_EQUAL(unknown_words, 0);
}

SELFTEST(command_line_empty, "command-line.empty")
{
    const struct command_line line = parse("");
    SELFTEST_CHECK(!line.selftest && !line.record && !line.bench && !line.leave);
    SELFTEST_EQUAL(line.panic, PANIC_UNSAID);
}

SELFTEST(command_line_unknown, "command-line.unknown")
{
    const struct command_line line = parse("quiet selftests panic=never provoke= exit");
    SELFTEST_EQUAL(unknown_words, 4);
    SELFTEST_CHECK(line.leave);
    SELFTEST_CHECK(!line.selftest);
    SELFTEST_EQUAL(line.provoke[0], 0);
}
