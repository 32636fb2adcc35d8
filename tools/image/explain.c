/* SPDX-License-Identifier: MIT
 *
 * See explain.h.
 */
#include "tools/image/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "boot/stage2_header.h"
#include "hw/elf64.h"
#include "hw/mbr.h"
#include "stage2/plan/detail.h"
#include "tools/disk/beside.h"
#include "tools/docs/advice.h"
#include "tools/image/finding.h"
#include "tools/image/host_disk.h"
#include "tools/image/judge_file.h"
#include "tools/image/layout.h"
#include "tools/image/report.h"
#include "tools/image/say.h"

static const char loader_advice[] =
    "Write stage 1 and stage 2 again, as docs/disk-layout.md does it by hand.";

/* Does stage 2 lie at one of its usual places? */
static bool has_stage2(const struct device *device)
{
    static const uint64_t places[] = { STAGE2_COPY_A_LBA, STAGE2_COPY_B_LBA };
    struct device_problem problem;
    uint8_t sector[SECTOR_BYTES];

    for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (device->bytes >= (places[i] + 1) * SECTOR_BYTES &&
            device_read(device, places[i] * SECTOR_BYTES, sector, sizeof(sector), &problem) &&
            load_le32(sector) == STAGE2_MAGIC_0)
            return true;
    }
    return false;
}

/* A disk, or an image of one; everything else is judged as a kernel. */
static bool is_disk(const struct device *device)
{
    struct device_problem problem;
    uint8_t sector[SECTOR_BYTES];

    if (device->is_block)
        return true;
    if (device->bytes < sizeof(sector) ||
        !device_read(device, 0, sector, sizeof(sector), &problem) || load_le32(sector) == ELF_MAGIC)
        return false;
    return load_le16(sector + MBR_BOOT_SIGNATURE) == MBR_SIGNATURE || has_stage2(device) ||
           device->bytes >= SIZE_LEAST_MIB * MIB_BYTES;
}

static void refused(struct finding *finding, const struct check_report *report)
{
    finding->boots = false;
    finding->status = report->status;
    finding->advice = advice_text(report->status);
    check_line(report, finding->line, sizeof(finding->line));
}

/* The line of the usual coldstart.cfg that names the kernel, or 0. */
static unsigned usual_line(void)
{
    const char *const path = beside_find("coldstart.cfg");
    char text[CONFIG_MAX_BYTES];
    struct config_problem problem;
    struct config *const config = calloc(1, sizeof(*config));
    FILE *const file = path == NULL ? NULL : fopen(path, "rb");
    unsigned line = 0;

    if (file != NULL && config != NULL) {
        const size_t bytes = fread(text, 1, sizeof(text), file);
        if (config_parse(text, bytes, config, &problem) == BOOT_OK)
            line = config->kernel_line;
    }
    if (file != NULL)
        fclose(file);
    free(config);
    return line;
}

static void explain_kernel(const char *path, struct finding *finding)
{
    struct check_report report;

    finding->boots =
        kernel_file_judge(path, KERNEL_USUAL_PATH, usual_line(), &finding->disk.kernel, &report);
    if (finding->boots)
        finding->disk.reached = DISK_KERNEL;
    else
        refused(finding, &report);
}

/* What runs first is judged first: the loader, then what it boots. */
static void explain_disk(const struct device *device, struct finding *finding)
{
    const struct blockdev disk = host_disk(device);
    struct check_report report = { .status = BOOT_OK };

    const bool starts = loader_judge(&disk, &finding->loader);
    finding->boots = disk_judge(&disk, &finding->disk, &report);
    if (!finding->boots)
        refused(finding, &report);
    if (device->sector_bytes != SECTOR_BYTES) {
        (void)report_refuse(&report, BOOT_E_SECTOR_SIZE, DETAIL_VOLUME, BOOT_DRIVE, (uint64_t)0);
        refused(finding, &report);
        finding->boots = false;
    }
    if (starts)
        return;
    finding->boots = false;
    finding->status = finding->loader.status;
    finding->advice = finding->status != BOOT_OK ? advice_text(finding->status) : loader_advice;
    snprintf(finding->line, sizeof(finding->line), "%s", finding->loader.problem);
}

int explain(const char *path, bool json)
{
    static struct finding finding;
    struct device_problem problem;
    struct device device;

    if (!device_open(&device, path, DEVICE_READ, &problem))
        fail("%s: cannot %s it: %s", path, problem.verb, strerror(problem.error));
    finding.path = path;
    finding.bytes = device.bytes;
    finding.is_disk = is_disk(&device);
    if (finding.is_disk)
        explain_disk(&device, &finding);
    else
        explain_kernel(path, &finding);
    device_close(&device);
    if (json)
        finding_tell_json(&finding);
    else
        finding_tell(&finding);
    return finding.boots ? EXIT_SUCCESS : STATUS_FAILED;
}

void explain_refused_kernel(const char *path)
{
    static struct finding finding;

    explain_kernel(path, &finding);
    if (!finding.boots)
        fail("%s: the loader would refuse it:\n"
             "  %s\n  What to do: %s\n  --force --no-strip takes it as it is.",
             path, finding.line, finding.advice);
}
