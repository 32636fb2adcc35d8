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
    CLAIM(line.selftest);
    CLAIM(string_equals(line.pattern, "audit.*"));
    CLAIM(line.record);
    CLAIM(line.bench);
    CLAIM(line.leave);
    CLAIM_EQUAL(line.panic, PANIC_REBOOT);
    CLAIM_EQUAL(unknown_words, 0);
}

SELFTEST(command_line_memory, "command-line.memory")
{
    CLAIM_EQUAL(parse("").memory, MEMORY_UNSAID);
    CLAIM_EQUAL(parse("memory=fast").memory, MEMORY_FAST);
    CLAIM_EQUAL(parse("memory=checked").memory, MEMORY_CHECKED);
    CLAIM_EQUAL(parse("memory=slow").memory, MEMORY_UNSAID);
    CLAIM_EQUAL(unknown_words, 1);
}

SELFTEST(command_line_bench, "command-line.bench-area")
{
    const struct command_line line = parse("bench=heap");
    CLAIM(line.bench);
    CLAIM(string_equals(line.area, "heap"));
    CLAIM(!parse("bench=").bench);
}

SELFTEST(command_line_empty, "command-line.empty")
{
    const struct command_line line = parse("");
    CLAIM(!line.selftest && !line.record && !line.bench && !line.leave);
    CLAIM_EQUAL(line.panic, PANIC_UNSAID);
}

SELFTEST(command_line_unknown, "command-line.unknown")
{
    const struct command_line line = parse("quiet selftests panic=never provoke= exit");
    CLAIM_EQUAL(unknown_words, 4);
    CLAIM(line.leave);
    CLAIM(!line.selftest);
    CLAIM_EQUAL(line.provoke[0], 0);
}
