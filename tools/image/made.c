/* SPDX-License-Identifier: MIT
 *
 * See made.h.
 */
#include "tools/image/made.h"

#include <stdlib.h>
#include <string.h>

#include "tools/disk/json.h"
#include "tools/docs/advice.h"
#include "tools/image/host_disk.h"
#include "tools/image/host_file.h"
#include "tools/image/judge_disk.h"
#include "tools/image/say.h"

#define WORD_DIGITS 8

void made_judge(const struct options *options, const struct making *making)
{
    struct device_problem problem;
    struct check_report report;
    struct device device;
    char line[2 * CHECK_TEXT_BYTES];

    if (!device_open(&device, making->raw, DEVICE_READ, &problem))
        fail("%s: %s: %s", options->out, problem.verb, strerror(problem.error));
    const struct blockdev disk = host_disk(&device);
    const bool good = check_disk(&disk, &report);
    device_close(&device);
    if (good)
        return;
    check_line(&report, line, sizeof(line));
    if (!options->force)
        fail("not made, for the loader would refuse it:\n"
             "  %s\n  What to do: %s\n  --force makes it all the same.",
             line, advice_text(report.status));
    say_warning("made by --force, but the loader will refuse it: %s", line);
}

static const char *form_word(enum image_form form)
{
    static const char *const words[IMAGE_FORMS] = {
#define WORD(name, word, text) [name] = (word),
        IMAGE_FORM_LIST(WORD)
#undef WORD
    };

    return words[form];
}

static void report_files(const struct contents *contents)
{
    json_open_list("files");
    for (size_t i = 0; i < contents->file_count; i++) {
        json_open(NULL);
        json_text("path", contents->files[i].path);
        json_number("bytes", contents->files[i].bytes);
        json_hex("crc32c", host_file_crc32c(contents->files[i].from), WORD_DIGITS);
        json_close();
    }
    json_close();
}

static void report_json(const struct options *options, const struct making *making)
{
    const struct stages *const stages = &making->stages;
    json_open(NULL);
    json_text("image", options->out);
    json_text("format", form_word(options->form));
    json_number("bytes", making->layout.bytes);
    json_hex("signature", stages_signature(options, stages), WORD_DIGITS);
    json_open("stage2");
    json_number("bytes", stages->stage2_bytes);
    json_hex("build_id", stages->build_id, WORD_DIGITS);
    json_number("copy_a", stages->where.copy_lba[0]);
    json_number("copy_b", stages->where.copy_lba[1]);
    json_close();
    json_open("volume");
    json_number("first", BOOT_PARTITION_LBA);
    json_number("sectors", making->layout.sectors);
    json_number("fat", making->layout.fat);
    json_number("cluster_bytes", (uint64_t)making->layout.cluster_sectors * SECTOR_BYTES);
    json_text("label", options->label);
    json_close();
    report_files(&making->contents);
    json_close();
}

void made_report(const struct options *options, const struct making *making)
{
    const struct stages *const stages = &making->stages;

    if (options->json) {
        report_json(options, making);
        return;
    }
    say("kernel: %llu bytes, on the volume %llu", (unsigned long long)making->kernel_bytes,
        (unsigned long long)making->contents.files[0].bytes);
    say("%s: %llu MiB, FAT%u; stage 2: %zu bytes at %u and %u", options->out,
        (unsigned long long)(making->layout.bytes / MIB_BYTES), making->layout.fat,
        stages->stage2_bytes, stages->where.copy_lba[0], stages->where.copy_lba[1]);
}
