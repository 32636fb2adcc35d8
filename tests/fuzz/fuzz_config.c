/* SPDX-License-Identifier: MIT
 *
 * Any bytes as the text of coldstart.cfg. What is refused must be blamed on a
 * line and leave the struct alone; what is taken must keep the promises of
 * config.h, and mean the same when it is written down again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/core/string.h"
#include "stage2/plan/config.h"

/* A full configuration, written down again. */
#define TEXT_SIZE (2 * CONFIG_MAX_BYTES)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool truth, const char *sentence)
{
    if (truth)
        return;
    fprintf(stderr, "not true that %s\n", sentence);
    abort();
}

static unsigned count_lines(const uint8_t *data, size_t bytes)
{
    unsigned lines = 1;
    for (size_t place = 0; place < bytes; place++)
        lines += data[place] == '\n';
    return lines;
}

static void check_path(const char *path)
{
    require(string_length_within(path, CONFIG_PATH_SIZE) < CONFIG_PATH_SIZE, "a path ends");
    require(path[0] == '/' && path[1] != '\0', "a path is absolute");
    require(strstr(path, "//") == NULL && strstr(path, "/../") == NULL, "a path is plain");
    require(strpbrk(path, " \t\r\n\\") == NULL, "a path is one word");
}

static void check_config(const struct config *config, unsigned lines)
{
    check_path(config->kernel);
    require(config->kernel_line != 0 && config->kernel_line <= lines, "the kernel has a line");
    require(string_length_within(config->command_line, CONFIG_CMDLINE_SIZE) < CONFIG_CMDLINE_SIZE,
            "the command line ends");
    require(config->module_count <= CONFIG_MAX_MODULES, "modules fit");
    require(config->checksum_count <= CONFIG_MAX_CHECKSUMS, "checksums fit");
    for (unsigned index = 0; index < config->module_count; index++) {
        const struct config_module *const module = &config->modules[index];
        check_path(module->path);
        require(string_length_within(module->name, CONFIG_NAME_SIZE) < CONFIG_NAME_SIZE &&
                    module->name[0] != '\0',
                "a module has a name");
        require(module->line != 0 && module->line <= lines, "a module has a line");
    }
    for (unsigned index = 0; index < config->checksum_count; index++) {
        check_path(config->checksums[index].path);
        require(config_checksum_for(config, config->checksums[index].path) ==
                    &config->checksums[index],
                "a file has one checksum");
    }
}

static void check_problem(const struct config_problem *problem, unsigned lines)
{
    const size_t length = string_length_within(problem->text, CONFIG_PROBLEM_SIZE);
    require(length < CONFIG_PROBLEM_SIZE, "the blamed words end");
    require(problem->line <= lines, "the blamed line exists");
    for (size_t place = 0; place < length; place++)
        require(problem->text[place] >= ' ' && problem->text[place] <= '~', "words are printable");
}

/* The configuration as text, keys in the order of the struct. */
static size_t write_down(const struct config *config, char *text)
{
    int at =
        snprintf(text, TEXT_SIZE, "kernel=%s\ncmdline=%s\n", config->kernel, config->command_line);
    if (config->video.kind == CONFIG_VIDEO_FRAMEBUFFER)
        at += snprintf(text + at, TEXT_SIZE - (size_t)at, "video=%ux%ux%u\n", config->video.width,
                       config->video.height, config->video.bits);
    for (unsigned index = 0; index < config->module_count; index++)
        at += snprintf(text + at, TEXT_SIZE - (size_t)at, "module=%s %s\n",
                       config->modules[index].path, config->modules[index].name);
    for (unsigned index = 0; index < config->checksum_count; index++)
        at += snprintf(text + at, TEXT_SIZE - (size_t)at, "crc32c=%s %08x\n",
                       config->checksums[index].path, config->checksums[index].crc32c);
    return (size_t)at;
}

static void check_same(const struct config *left, const struct config *right)
{
    require(string_equals(left->kernel, right->kernel), "the kernel is the same again");
    require(string_equals(left->command_line, right->command_line),
            "the command line is the same again");
    require(left->video.kind == right->video.kind && left->video.width == right->video.width &&
                left->video.height == right->video.height && left->video.bits == right->video.bits,
            "the video mode is the same again");
    require(left->module_count == right->module_count &&
                left->checksum_count == right->checksum_count,
            "the counts are the same again");
    for (unsigned index = 0; index < left->module_count; index++)
        require(string_equals(left->modules[index].path, right->modules[index].path) &&
                    string_equals(left->modules[index].name, right->modules[index].name),
                "a module is the same again");
    for (unsigned index = 0; index < left->checksum_count; index++)
        require(string_equals(left->checksums[index].path, right->checksums[index].path) &&
                    left->checksums[index].crc32c == right->checksums[index].crc32c,
                "a checksum is the same again");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct config config, again, untouched;
    static char text[TEXT_SIZE];
    struct config_problem problem;
    memset(&config, 0xAA, sizeof(config));
    memset(&untouched, 0xAA, sizeof(untouched));
    memset(&problem, 0xAA, sizeof(problem));

    const unsigned lines = count_lines(data, bytes);
    if (config_parse((const char *)data, bytes, &config, &problem) != BOOT_OK) {
        require(memcmp(&config, &untouched, sizeof(config)) == 0, "a refusal writes nothing");
        check_problem(&problem, lines);
        return 0;
    }
    check_config(&config, lines);
    const size_t length = write_down(&config, text);
    if (length <= CONFIG_MAX_BYTES) {
        require(config_parse(text, length, &again, &problem) == BOOT_OK, "it can be read again");
        check_same(&config, &again);
    }
    return 0;
}
