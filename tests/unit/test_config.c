/* SPDX-License-Identifier: MIT
 *
 * The configuration parser: what it takes, every leniency, every error with the
 * line and the words it blames.
 */
#include <stdio.h>
#include <string.h>

#include "stage2/plan/config.h"
#include "tests/unit/cmocka_all.h"

#define KERNEL    "kernel = /boot/kernel.elf\n"
#define TEXT_SIZE (CONFIG_MAX_BYTES + 2)

static struct config config;
static struct config_problem problem;

static void parse_bytes(const char *text, size_t bytes)
{
    memset(&config, 0xAA, sizeof(config));
    memset(&problem, 0xAA, sizeof(problem));
    struct config_problem untouched = problem;
    assert_int_equal(config_parse(text, bytes, &config, &problem), BOOT_OK);
    assert_memory_equal(&problem, &untouched, sizeof(problem));
}

static void parse(const char *text)
{
    parse_bytes(text, strlen(text));
}

static void refuse_bytes(const char *text, size_t bytes, enum boot_status status, unsigned line,
                         const char *blamed)
{
    static struct config untouched;
    memset(&config, 0xAA, sizeof(config));
    memset(&untouched, 0xAA, sizeof(untouched));
    memset(&problem, 0xAA, sizeof(problem));
    assert_int_equal(config_parse(text, bytes, &config, &problem), status);
    assert_memory_equal(&config, &untouched, sizeof(config));
    assert_string_equal(problem.text, blamed);
    assert_int_equal(problem.line, line);
}

static void refuse(const char *text, enum boot_status status, unsigned line, const char *blamed)
{
    refuse_bytes(text, strlen(text), status, line, blamed);
}

static void a_full_configuration_is_read(void **state)
{
    (void)state;
    parse("# Coldstart\n"
          "kernel  = /boot/kernel.elf\n"
          "cmdline = selftest panic=exit  # kept, = and all\n"
          "\n"
          "module  = /boot/data.bin data\n"
          "module  = /boot/other.bin\n"
          "video   = 1024x768x32\n"
          "crc32c  = /boot/kernel.elf 1a2b3c4d\n"
          "crc32c  = /BOOT/Other.bin FFFFFFFF\n");
    assert_string_equal(config.kernel, "/boot/kernel.elf");
    assert_int_equal(config.kernel_line, 2);
    assert_string_equal(config.command_line, "selftest panic=exit  # kept, = and all");
    assert_int_equal(config.command_line_line, 3);
    assert_int_equal(config.module_count, 2);
    assert_string_equal(config.modules[0].path, "/boot/data.bin");
    assert_string_equal(config.modules[0].name, "data");
    assert_int_equal(config.modules[0].line, 5);
    assert_string_equal(config.modules[1].path, "/boot/other.bin");
    assert_string_equal(config.modules[1].name, "other.bin");
    assert_int_equal(config.video.kind, CONFIG_VIDEO_FRAMEBUFFER);
    assert_int_equal(config.video.width, 1024);
    assert_int_equal(config.video.height, 768);
    assert_int_equal(config.video.bits, 32);
    assert_int_equal(config.video.line, 7);
    assert_int_equal(config.checksum_count, 2);
    assert_string_equal(config.checksums[0].path, "/boot/kernel.elf");
    assert_int_equal(config.checksums[0].crc32c, 0x1A2B3C4D);
    assert_int_equal(config.checksums[1].crc32c, 0xFFFFFFFF);
    assert_int_equal(config.checksums[1].line, 9);

    assert_ptr_equal(config_checksum_for(&config, "/boot/OTHER.BIN"), &config.checksums[1]);
    assert_null(config_checksum_for(&config, "/boot/data.bin"));
}

static void a_kernel_alone_is_enough(void **state)
{
    (void)state;
    parse(KERNEL);
    assert_string_equal(config.command_line, "");
    assert_int_equal(config.command_line_line, 0);
    assert_int_equal(config.module_count, 0);
    assert_int_equal(config.checksum_count, 0);
    assert_int_equal(config.video.kind, CONFIG_VIDEO_TEXT);
    assert_int_equal(config.video.line, 0);
}

static void harmless_spellings_are_taken(void **state)
{
    (void)state;
    static const char *const spellings[] = {
        "kernel=/boot/kernel.elf",               /* no last newline, no blanks */
        "\xEF\xBB\xBF" KERNEL,                   /* byte order mark */
        "kernel = /boot/kernel.elf\r\n",         /* CR LF */
        "kernel = /boot/kernel.elf\r",           /* and cut behind the CR */
        "\r\n\r\n" KERNEL "\r\n",                /* blank lines */
        "\t kernel\t =\t /boot/kernel.elf \t\n", /* tabs, trailing blanks */
        KERNEL " \t \n   ",                      /* lines of blanks */
        "kernel = /boot/kernel.elf # a comment\n",
        "kernel = /boot/kernel.elf\t#\n",
        "  # indented comment, = and all\n" KERNEL,
        "#\n#kernel = /no\n" KERNEL,
        "# gr\xC3\xBC\xC3\x9F dich\n" KERNEL, /* UTF-8 in a comment */
    };
    for (size_t which = 0; which < ARRAY_COUNT(spellings); which++) {
        parse(spellings[which]);
        assert_string_equal(config.kernel, "/boot/kernel.elf");
    }
    parse("kernel = /b#oot/k\xC3\xA4rnel#.elf\n"); /* a # inside a word is part of it */
    assert_string_equal(config.kernel, "/b#oot/k\xC3\xA4rnel#.elf");
    parse(KERNEL "cmdline =\n");
    assert_string_equal(config.command_line, "");
    assert_int_equal(config.command_line_line, 2);
    parse(KERNEL "cmdline = # all of this\n");
    assert_string_equal(config.command_line, "# all of this");
    parse(KERNEL "cmdline = a = b\t c \xC3\xA4\r\n");
    assert_string_equal(config.command_line, "a = b\t c \xC3\xA4");
    parse(KERNEL "video = text\n");
    assert_int_equal(config.video.kind, CONFIG_VIDEO_TEXT);
    assert_int_equal(config.video.line, 2);
    parse(KERNEL "video = 16384x1x15\n");
    assert_int_equal(config.video.width, CONFIG_MAX_PIXELS);
    parse("kernel = /...\n"); /* odd, but a name */
}

static void lines_that_are_no_lines(void **state)
{
    (void)state;
    refuse(KERNEL "kernel\n", BOOT_E_CONFIG_SYNTAX, 2, "kernel");
    refuse("\n\n = /x\n", BOOT_E_CONFIG_SYNTAX, 3, "= /x");
    refuse(KERNEL "video text", BOOT_E_CONFIG_SYNTAX, 2, "video text");
    refuse("kernel = /k\x01\n", BOOT_E_CONFIG_SYNTAX, 1, "kernel = /k?");
    refuse("# \x7F\n" KERNEL, BOOT_E_CONFIG_SYNTAX, 1, "# ?");
    refuse("kernel = /a\r/b\n", BOOT_E_CONFIG_SYNTAX, 1, "kernel = /a?/b");
    refuse("kernel = /a\r\r\n", BOOT_E_CONFIG_SYNTAX, 1, "kernel = /a?");
    refuse(KERNEL "\x1A", BOOT_E_CONFIG_SYNTAX, 2, "?");
    refuse_bytes(KERNEL "\0", sizeof(KERNEL), BOOT_E_CONFIG_SYNTAX, 2, "?");
    refuse_bytes("k\0e\0", 4, BOOT_E_CONFIG_SYNTAX, 1, "k?e?");         /* UTF-16 */
    refuse("\n\xEF\xBB\xBF" KERNEL, BOOT_E_CONFIG_KEY, 2, "???kernel"); /* a mark, not in front */
}

static void keys_that_are_no_keys(void **state)
{
    (void)state;
    refuse(KERNEL "kernal = /x\n", BOOT_E_CONFIG_KEY, 2, "kernal");
    refuse("Kernel = /x\n", BOOT_E_CONFIG_KEY, 1, "Kernel");
    refuse("my kernel = /x\n", BOOT_E_CONFIG_KEY, 1, "my kernel");
    refuse("k\xC3\xA4y = /x\n", BOOT_E_CONFIG_KEY, 1, "k??y");
}

static void values_that_are_no_values(void **state)
{
    (void)state;
    static const struct {
        const char *text, *blamed;
    } cases[] = {
        { "kernel =", "" },
        { "kernel = # none", "" },
        { "kernel = boot/kernel.elf", "boot/kernel.elf" },
        { "kernel = /", "/" },
        { "kernel = /boot/", "/boot/" },
        { "kernel = //kernel.elf", "//kernel.elf" },
        { "kernel = /boot/./kernel.elf", "/boot/./kernel.elf" },
        { "kernel = /boot/..", "/boot/.." },
        { "kernel = \\boot\\kernel.elf", "\\boot\\kernel.elf" },
        { "kernel = /boot\\kernel.elf", "/boot\\kernel.elf" },
        { "kernel = /boot/my kernel", "/boot/my kernel" },
        { "kernel = /boot/my\tkernel", "/boot/my?kernel" },
        { "module = data", "data" },
        { "module =", "" },
        { "module = /a b c", "c" },
        { "video =", "" },
        { "video = Text", "Text" },
        { "video = 1024x768", "1024x768" },
        { "video = 1024x768x", "1024x768x" },
        { "video = x768x32", "x768x32" },
        { "video = 1024x768x32x1", "1024x768x32x1" },
        { "video = 0x768x32", "0x768x32" },
        { "video = 1024x0x32", "1024x0x32" },
        { "video = 16385x768x32", "16385x768x32" },
        { "video = 1024x65536x32", "1024x65536x32" },
        { "video = 1024x768x8", "1024x768x8" },
        { "video = 1024x768x288", "1024x768x288" },
        { "video = 18446744073709552640x768x32", "18446744073709552640x768x32" },
        { "video = -1024x768x32", "-1024x768x32" },
        { "video = 1024X768X32", "1024X768X32" },
        { "crc32c =", "" },
        { "crc32c = /k", "" },
        { "crc32c = k 12345678", "k" },
        { "crc32c = /k 1234567", "1234567" },
        { "crc32c = /k 123456789", "123456789" },
        { "crc32c = /k 1234567g", "1234567g" },
        { "crc32c = /k 0x123456", "0x123456" },
        { "crc32c = /k 12345678 9", "12345678 9" },
        { "crc32c = /no.elf 12345678", "/no.elf" },
    };
    for (size_t which = 0; which < ARRAY_COUNT(cases); which++) {
        char text[TEXT_SIZE];
        const int bytes = snprintf(text, sizeof(text), "module = /k\n%s\n\n%s", cases[which].text,
                                   cases[which].text[0] == 'k' ? "" : KERNEL);
        refuse_bytes(text, (size_t)bytes, BOOT_E_CONFIG_VALUE, 2, cases[which].blamed);
    }
}

static void keys_given_twice(void **state)
{
    (void)state;
    refuse(KERNEL KERNEL, BOOT_E_CONFIG_REPEATED, 2, "kernel");
    refuse("cmdline =\n" KERNEL "cmdline =\n", BOOT_E_CONFIG_REPEATED, 3, "cmdline");
    refuse("video = text\nvideo = text\n" KERNEL, BOOT_E_CONFIG_REPEATED, 2, "video");
    refuse(KERNEL "crc32c = /boot/kernel.elf 00000000\ncrc32c = /Boot/Kernel.ELF 00000001\n",
           BOOT_E_CONFIG_REPEATED, 3, "/Boot/Kernel.ELF");
}

static void no_kernel_is_named(void **state)
{
    (void)state;
    refuse("", BOOT_E_CONFIG_NO_KERNEL, 0, "");
    refuse_bytes(NULL, 0, BOOT_E_CONFIG_NO_KERNEL, 0, "");
    refuse("\xEF\xBB\xBF", BOOT_E_CONFIG_NO_KERNEL, 0, "");
    refuse("# kernel = /k\nvideo = text\n", BOOT_E_CONFIG_NO_KERNEL, 0, "");
}

/* A line of `head`, then `bytes` times the letter a, then `tail`. */
static size_t long_line(char *text, const char *head, size_t bytes, const char *tail)
{
    const size_t start = strlen(head);
    memcpy(text, head, start);
    memset(text + start, 'a', bytes);
    memcpy(text + start + bytes, tail, strlen(tail) + 1);
    return start + bytes + strlen(tail);
}

static void sizes_are_exact(void **state)
{
    (void)state;
    static char text[TEXT_SIZE];
    char blamed[CONFIG_PROBLEM_SIZE];

    size_t bytes = long_line(text, "kernel = /", CONFIG_PATH_SIZE - 2, "\n");
    parse_bytes(text, bytes);
    assert_int_equal(strlen(config.kernel), CONFIG_PATH_SIZE - 1);
    bytes = long_line(text, "kernel = /", CONFIG_PATH_SIZE - 1, "\n");
    memset(blamed, 'a', sizeof(blamed)); /* the words are cut to their place */
    blamed[0] = '/';
    blamed[CONFIG_PROBLEM_SIZE - 1] = '\0';
    refuse_bytes(text, bytes, BOOT_E_CONFIG_SIZE, 1, blamed);

    blamed[0] = 'a';
    bytes = long_line(text, KERNEL "cmdline = ", CONFIG_CMDLINE_SIZE - 1, "\n");
    parse_bytes(text, bytes);
    assert_int_equal(strlen(config.command_line), CONFIG_CMDLINE_SIZE - 1);
    bytes = long_line(text, KERNEL "cmdline = ", CONFIG_CMDLINE_SIZE, "\n");
    refuse_bytes(text, bytes, BOOT_E_CONFIG_SIZE, 2, blamed);

    bytes = long_line(text, KERNEL "module = /m ", CONFIG_NAME_SIZE - 1, "\n");
    parse_bytes(text, bytes);
    assert_int_equal(strlen(config.modules[0].name), CONFIG_NAME_SIZE - 1);
    bytes = long_line(text, KERNEL "module = /m ", CONFIG_NAME_SIZE, "\n");
    refuse_bytes(text, bytes, BOOT_E_CONFIG_SIZE, 2, blamed);
    bytes = long_line(text, KERNEL "module = /", CONFIG_NAME_SIZE, "\n"); /* the default name */
    refuse_bytes(text, bytes, BOOT_E_CONFIG_SIZE, 2, blamed);

    bytes = long_line(text, KERNEL "#", CONFIG_MAX_BYTES - sizeof(KERNEL), "");
    assert_int_equal(bytes, CONFIG_MAX_BYTES);
    parse_bytes(text, bytes);
    text[bytes] = 'a';
    refuse_bytes(text, bytes + 1, BOOT_E_CONFIG_SIZE, 0, "");
}

static size_t append(char *text, size_t at, const char *format, unsigned number)
{
    char line[CONFIG_PROBLEM_SIZE];
    const char *const place = strchr(format, '@');
    const int bytes =
        snprintf(line, sizeof(line), "%.*s%u%s", (int)(place - format), format, number, place + 1);
    memcpy(text + at, line, (size_t)bytes + 1);
    return at + (size_t)bytes;
}

static void counts_are_exact(void **state)
{
    (void)state;
    static char text[TEXT_SIZE];
    size_t at = long_line(text, KERNEL, 0, "");
    for (unsigned module = 0; module < CONFIG_MAX_MODULES; module++)
        at = append(text, at, "module = /m@\n", module);
    parse_bytes(text, at);
    assert_int_equal(config.module_count, CONFIG_MAX_MODULES);
    assert_string_equal(config.modules[CONFIG_MAX_MODULES - 1].name, "m15");
    const size_t more = append(text, at, "module = /m@\n", CONFIG_MAX_MODULES);
    refuse_bytes(text, more, BOOT_E_CONFIG_MANY, 2 + CONFIG_MAX_MODULES, "/m16");

    /* Only checksums of what is loaded count, but all of them have to fit first. */
    at = long_line(text, KERNEL, 0, "");
    for (unsigned module = 0; module < CONFIG_MAX_CHECKSUMS; module++)
        at = append(text, at, "crc32c = /m@ 00000000\n", module);
    refuse_bytes(text, at, BOOT_E_CONFIG_VALUE, 2, "/m0");
    at = append(text, at, "crc32c = /m@ 00000000\n", CONFIG_MAX_CHECKSUMS);
    refuse_bytes(text, at, BOOT_E_CONFIG_MANY, 2 + CONFIG_MAX_CHECKSUMS, "/m24 00000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_configuration_is_read),
        cmocka_unit_test(a_kernel_alone_is_enough),
        cmocka_unit_test(harmless_spellings_are_taken),
        cmocka_unit_test(lines_that_are_no_lines),
        cmocka_unit_test(keys_that_are_no_keys),
        cmocka_unit_test(values_that_are_no_values),
        cmocka_unit_test(keys_given_twice),
        cmocka_unit_test(no_kernel_is_named),
        cmocka_unit_test(sizes_are_exact),
        cmocka_unit_test(counts_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
