/* SPDX-License-Identifier: MIT
 *
 * Parses coldstart.cfg in two passes: the first finds and checks every value as
 * a span of the text, the second, which cannot fail, copies them out. So the
 * caller's struct is written only when all of the text is right.
 */
#include "stage2/plan/config.h"

#include "kernel/core/string.h"
#include "stage2/plan/config_text.h"

#define DECIMAL     10
#define HEXADECIMAL 16
#define CRC_DIGITS  8

#define FIRST_PRINTABLE ' '
#define LAST_PRINTABLE  '~'

struct found_module {
    struct config_span path, name;
    unsigned line;
};

struct found_checksum {
    struct config_span path;
    uint32_t crc32c;
    unsigned line;
};

/* What the lines so far ask for; a line number of 0 means not given. */
struct parser {
    unsigned line;
    struct config_span problem; /* what a failing line is blamed on */
    struct config_span kernel, command_line;
    unsigned kernel_line, command_line_line;
    struct config_video video;
    unsigned module_count, checksum_count;
    struct found_module modules[CONFIG_MAX_MODULES];
    struct found_checksum checksums[CONFIG_MAX_CHECKSUMS];
};

/* One key: take its value into the parser. On failure parser->problem says what is wrong. */
struct key {
    const char *name;
    enum boot_status (*take)(struct parser *parser, struct config_span value);
    bool whole_line; /* a # in the value is no comment */
};

static enum boot_status blame(struct parser *parser, struct config_span what,
                              enum boot_status status)
{
    parser->problem = what;
    return status;
}

static enum boot_status check_path(struct parser *parser, struct config_span path)
{
    if (!config_span_is_path(path))
        return blame(parser, path, BOOT_E_CONFIG_VALUE);
    if (path.bytes >= CONFIG_PATH_SIZE)
        return blame(parser, path, BOOT_E_CONFIG_SIZE);
    return BOOT_OK;
}

static enum boot_status take_kernel(struct parser *parser, struct config_span value)
{
    if (parser->kernel_line != 0)
        return BOOT_E_CONFIG_REPEATED;
    const enum boot_status status = check_path(parser, value);
    if (status != BOOT_OK)
        return status;
    parser->kernel = value;
    parser->kernel_line = parser->line;
    return BOOT_OK;
}

static enum boot_status take_command_line(struct parser *parser, struct config_span value)
{
    if (parser->command_line_line != 0)
        return BOOT_E_CONFIG_REPEATED;
    if (value.bytes >= CONFIG_CMDLINE_SIZE)
        return blame(parser, value, BOOT_E_CONFIG_SIZE);
    parser->command_line = value;
    parser->command_line_line = parser->line;
    return BOOT_OK;
}

static enum boot_status take_module(struct parser *parser, struct config_span value)
{
    struct config_span rest = value;
    const struct config_span path = config_span_cut_word(&rest);
    struct config_span name = config_span_cut_word(&rest);
    if (rest.bytes != 0)
        return blame(parser, rest, BOOT_E_CONFIG_VALUE);
    if (parser->module_count == CONFIG_MAX_MODULES)
        return blame(parser, value, BOOT_E_CONFIG_MANY);
    const enum boot_status status = check_path(parser, path);
    if (status != BOOT_OK)
        return status;
    if (name.bytes == 0)
        name = config_span_last_part(path);
    if (name.bytes >= CONFIG_NAME_SIZE)
        return blame(parser, name, BOOT_E_CONFIG_SIZE);

    parser->modules[parser->module_count++] =
        (struct found_module){ .path = path, .name = name, .line = parser->line };
    return BOOT_OK;
}

/* A number of a video mode; false unless it is 1..limit. */
static bool parse_video_number(struct config_span text, uint64_t limit, uint64_t *number)
{
    uint64_t parsed;
    if (!string_parse_unsigned(text.text, text.bytes, DECIMAL, &parsed) || parsed == 0 ||
        parsed > limit)
        return false;
    *number = parsed;
    return true;
}

/* The depths at which a VBE mode has no palette. */
static bool is_direct_colour(uint64_t bits)
{
    return bits == 15 || bits == 16 || bits == 24 || bits == 32;
}

static enum boot_status take_video(struct parser *parser, struct config_span value)
{
    if (parser->video.line != 0)
        return BOOT_E_CONFIG_REPEATED;
    if (config_span_equals(value, "text")) {
        parser->video = (struct config_video){ .kind = CONFIG_VIDEO_TEXT, .line = parser->line };
        return BOOT_OK;
    }
    struct config_span rest, width_text, height_text, bits_text;
    uint64_t width, height, bits;
    if (!config_span_split(value, 'x', &width_text, &rest) ||
        !config_span_split(rest, 'x', &height_text, &bits_text) ||
        !parse_video_number(width_text, CONFIG_MAX_PIXELS, &width) ||
        !parse_video_number(height_text, CONFIG_MAX_PIXELS, &height) ||
        !parse_video_number(bits_text, UINT8_MAX, &bits) || !is_direct_colour(bits))
        return blame(parser, value, BOOT_E_CONFIG_VALUE);

    parser->video = (struct config_video){ .kind = CONFIG_VIDEO_FRAMEBUFFER,
                                           .width = (uint16_t)width,
                                           .height = (uint16_t)height,
                                           .bits = (uint8_t)bits,
                                           .line = parser->line };
    return BOOT_OK;
}

static enum boot_status take_checksum(struct parser *parser, struct config_span value)
{
    struct config_span rest = value;
    const struct config_span path = config_span_cut_word(&rest);
    const enum boot_status status = check_path(parser, path);
    if (status != BOOT_OK)
        return status;
    uint64_t crc;
    if (rest.bytes != CRC_DIGITS ||
        !string_parse_unsigned(rest.text, rest.bytes, HEXADECIMAL, &crc))
        return blame(parser, rest, BOOT_E_CONFIG_VALUE);
    for (unsigned index = 0; index < parser->checksum_count; index++) {
        if (config_span_same_path(parser->checksums[index].path, path))
            return blame(parser, path, BOOT_E_CONFIG_REPEATED);
    }
    if (parser->checksum_count == CONFIG_MAX_CHECKSUMS)
        return blame(parser, value, BOOT_E_CONFIG_MANY);

    parser->checksums[parser->checksum_count++] =
        (struct found_checksum){ .path = path, .crc32c = (uint32_t)crc, .line = parser->line };
    return BOOT_OK;
}

static const struct key keys[] = {
    { .name = "kernel", .take = take_kernel },
    { .name = "cmdline", .take = take_command_line, .whole_line = true },
    { .name = "module", .take = take_module },
    { .name = "video", .take = take_video },
    { .name = "crc32c", .take = take_checksum },
};

static enum boot_status parse_line(struct parser *parser, struct config_span line)
{
    if (config_span_has_control(line))
        return blame(parser, line, BOOT_E_CONFIG_SYNTAX);
    const struct config_span text = config_span_trim(line);
    if (text.bytes == 0 || text.text[0] == '#')
        return BOOT_OK;

    struct config_span name, value;
    if (!config_span_split(text, '=', &name, &value) || name.bytes == 0)
        return blame(parser, text, BOOT_E_CONFIG_SYNTAX);
    parser->problem = name;
    for (unsigned which = 0; which < ARRAY_COUNT(keys); which++) {
        if (config_span_equals(name, keys[which].name)) {
            const bool whole = keys[which].whole_line;
            return keys[which].take(parser, whole ? value : config_span_strip_comment(value));
        }
    }
    return BOOT_E_CONFIG_KEY;
}

/* What only the whole text can tell: a kernel is named, and no checksum is for nothing. */
static enum boot_status check_whole(struct parser *parser)
{
    if (parser->kernel_line == 0) {
        parser->line = 0;
        return blame(parser, (struct config_span){ .bytes = 0 }, BOOT_E_CONFIG_NO_KERNEL);
    }
    for (unsigned index = 0; index < parser->checksum_count; index++) {
        const struct found_checksum *const checksum = &parser->checksums[index];
        bool used = config_span_same_path(checksum->path, parser->kernel);
        for (unsigned module = 0; module < parser->module_count; module++)
            used = used || config_span_same_path(checksum->path, parser->modules[module].path);
        if (!used) {
            parser->line = checksum->line;
            return blame(parser, checksum->path, BOOT_E_CONFIG_VALUE);
        }
    }
    return BOOT_OK;
}

static enum boot_status parse_text(struct parser *parser, struct config_span text)
{
    if (text.bytes > CONFIG_MAX_BYTES)
        return BOOT_E_CONFIG_SIZE;
    struct config_span rest = config_span_skip_mark(text);
    struct config_span line;
    while (config_span_cut_line(&rest, &line)) {
        parser->line++;
        const enum boot_status status = parse_line(parser, line);
        if (status != BOOT_OK)
            return status;
    }
    return check_whole(parser);
}

/* Every span was measured against its place by the parser. */
static void copy_span(char *to, struct config_span span)
{
    memcpy(to, span.text, span.bytes);
    to[span.bytes] = '\0';
}

static void fill_config(const struct parser *parser, struct config *config)
{
    copy_span(config->kernel, parser->kernel);
    config->command_line[0] = '\0';
    if (parser->command_line_line != 0)
        copy_span(config->command_line, parser->command_line);
    config->kernel_line = parser->kernel_line;
    config->command_line_line = parser->command_line_line;
    config->video = parser->video;

    config->module_count = parser->module_count;
    for (unsigned index = 0; index < parser->module_count; index++) {
        copy_span(config->modules[index].path, parser->modules[index].path);
        copy_span(config->modules[index].name, parser->modules[index].name);
        config->modules[index].line = parser->modules[index].line;
    }
    config->checksum_count = parser->checksum_count;
    for (unsigned index = 0; index < parser->checksum_count; index++) {
        copy_span(config->checksums[index].path, parser->checksums[index].path);
        config->checksums[index].crc32c = parser->checksums[index].crc32c;
        config->checksums[index].line = parser->checksums[index].line;
    }
}

static void fill_problem(const struct parser *parser, struct config_problem *problem)
{
    size_t bytes = 0;
    for (; bytes < parser->problem.bytes && bytes < CONFIG_PROBLEM_SIZE - 1; bytes++) {
        const char letter = parser->problem.text[bytes];
        const bool printable = letter >= FIRST_PRINTABLE && letter <= LAST_PRINTABLE;
        problem->text[bytes] = printable ? letter : '?';
    }
    problem->text[bytes] = '\0';
    problem->line = parser->line;
}

/*
 * Parse the text of coldstart.cfg; config.h describes it.
 *
 * text     not trusted, need not end in NUL; may be NULL when bytes is 0
 * bytes    its length
 * config   written only on BOOT_OK; array entries beyond the counts are left alone
 * problem  written only otherwise: the line, and the part of it to blame
 *
 * BOOT_E_CONFIG_SYNTAX     no `=`, nothing before it, or a control byte
 * BOOT_E_CONFIG_KEY        not one of the five keys
 * BOOT_E_CONFIG_VALUE      not what the key wants, or a crc32c for a file that is
 *                          neither kernel nor module
 * BOOT_E_CONFIG_REPEATED   kernel, cmdline or video twice, or two crc32c for one file
 * BOOT_E_CONFIG_NO_KERNEL  no line names one (line 0)
 * BOOT_E_CONFIG_SIZE       more than CONFIG_MAX_BYTES (line 0), or a value that does
 *                          not fit its place in struct config
 * BOOT_E_CONFIG_MANY       more than CONFIG_MAX_MODULES or CONFIG_MAX_CHECKSUMS
 */
enum boot_status config_parse(const char *text, size_t bytes, struct config *config,
                              struct config_problem *problem)
{
    struct parser parser = { .line = 0 };
    const enum boot_status status =
        parse_text(&parser, (struct config_span){ .text = text, .bytes = bytes });
    if (status == BOOT_OK)
        fill_config(&parser, config);
    else
        fill_problem(&parser, problem);
    return status;
}

const struct config_checksum *config_checksum_for(const struct config *config, const char *path)
{
    for (unsigned index = 0; index < config->checksum_count; index++) {
        if (string_equals_folded(config->checksums[index].path, path))
            return &config->checksums[index];
    }
    return NULL;
}
