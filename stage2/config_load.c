/* SPDX-License-Identifier: MIT
 *
 * The step config_load: the text of coldstart.cfg, read and parsed. What the
 * text may say is plan/config.h's.
 */
#include "boot/low_memory.h"
#include "stage2/bios/fail.h"
#include "stage2/bios/trace.h"
#include "stage2/file.h"
#include "stage2/memory.h"
#include "stage2/plan/detail.h"

_Static_assert(CONFIG_MAX_BYTES <= LOW_SCRATCH_BYTES / 2, "the text fits its half");

/*
 * The step: a parsed configuration.
 *
 * E34 and other Exx of the volume  the file cannot be had
 * E40-E46                          its text is wrong: line and offending words
 */
void config_load(struct loader *loader)
{
    char *const text = memory_at(LOW_SCRATCH);
    struct config_problem problem;
    struct file_reader reader;

    trace_step(BOOT_STEP_CONFIG, 0);
    file_open(loader, &(struct file_name){ CONFIG_PATH, 0 }, &reader);
    if (reader.file.bytes > CONFIG_MAX_BYTES)
        fail(BOOT_E_CONFIG_SIZE, DETAIL_CONFIG_SIZE, CONFIG_PATH, reader.file.bytes,
             CONFIG_MAX_BYTES);
    file_read(&reader, 0, reader.file.bytes, text);

    loader->config = memory_at(
        memory_take(loader, sizeof(*loader->config), BOOT_MEMORY_LOADER, "the configuration"));
    const enum boot_status status = config_parse(text, reader.file.bytes, loader->config, &problem);
    if (status == BOOT_OK)
        return;
    if (problem.line == 0)
        fail(status, DETAIL_CONFIG, CONFIG_PATH);
    fail(status, DETAIL_CONFIG_LINE, CONFIG_PATH, problem.line, problem.text);
}
