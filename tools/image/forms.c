/* SPDX-License-Identifier: MIT
 *
 * See forms.h. Everything is made in a folder of its own beside `out`, under its
 * final name, because a VMDK holds that name; only the whole file is moved.
 */
#define _GNU_SOURCE
#include "tools/image/forms.h"

#include <errno.h>
#include <ftw.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/disk/command.h"
#include "tools/image/form_parts.h"

#define IMAGE_MOMENT 1767225600 /* 1 January 2026, as for the files on the volume */

/* What qemu-img is told; NULL in `format`: not by qemu-img. */
static const struct {
    const char *word, *format, *options;
    bool (*settle)(struct form_job *, const struct device *);
} forms[IMAGE_FORMS] = {
#define FORM_WORD(name, form_word, text) [name].word = (form_word),
    IMAGE_FORM_LIST(FORM_WORD)
#undef FORM_WORD
        /* Without force_size the disk would be rounded up to whole cylinders. */
        [IMAGE_VHD]
            .format = "vpc",
    [IMAGE_VHD].options = "subformat=dynamic,force_size=on",
    [IMAGE_VHD].settle = form_settle_vhd,
    [IMAGE_VMDK].format = "vmdk",
    [IMAGE_VMDK].options = "subformat=monolithicSparse,adapter_type=ide",
    [IMAGE_VMDK].settle = form_settle_vmdk,
    [IMAGE_QCOW2].format = "qcow2",
    [IMAGE_QCOW2].options = "compat=1.1",
};

enum image_form form_find(const char *word)
{
    enum image_form form = IMAGE_RAW;

    while (form != IMAGE_FORMS && strcmp(forms[form].word, word) != 0)
        form++;
    return form;
}

bool form_fail(struct form_job *job, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(job->reason, sizeof(job->reason), format, arguments);
    va_end(arguments);
    return false;
}

uint64_t form_moment(void)
{
    const char *const wanted = getenv("SOURCE_DATE_EPOCH");

    return wanted == NULL ? IMAGE_MOMENT : strtoull(wanted, NULL, 10);
}

static bool run(struct form_job *job, const char *const arguments[])
{
    return command_explain(arguments, job->reason, sizeof(job->reason));
}

/* Have `settle` change the file in place. */
static bool settle(struct form_job *job, enum image_form form)
{
    struct device made;
    struct device_problem problem;

    if (forms[form].settle == NULL)
        return true;
    if (!device_open(&made, job->made, DEVICE_WRITE, &problem))
        return form_fail(job, "%s: %s", problem.verb, strerror(problem.error));
    const bool done = forms[form].settle(job, &made);
    device_close(&made);
    return done;
}

static bool convert(struct form_job *job, enum image_form form)
{
    const char *const format = forms[form].format;

    return run(job, (const char *[]){ "qemu-img", "convert", "-f", "raw", "-O", format, "-o",
                                      forms[form].options, job->raw, job->made, NULL }) &&
           settle(job, form) &&
           run(job, (const char *[]){ "qemu-img", "compare", "-f", "raw", "-F", format, job->raw,
                                      job->made, NULL });
}

static int forget_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

/* Make it in job->folder, and move it out. */
static bool make_and_move(struct form_job *job, enum image_form form, const char *out)
{
    struct device_problem problem;

    if (!device_open(&job->disk, job->raw, DEVICE_READ, &problem))
        return form_fail(job, "%s: %s", job->raw, strerror(problem.error));
    const bool made = form == IMAGE_ISO ? form_make_iso(job) : convert(job, form);
    device_close(&job->disk);
    if (!made)
        return false;
    return rename(job->made, out) == 0 || form_fail(job, "%s", strerror(errno));
}

static bool make_in_folder(struct form_job *job, enum image_form form, const char *out)
{
    char folder[PATH_MAX], made[PATH_MAX], of_folder[PATH_MAX], of_name[PATH_MAX];

    if (strlen(out) >= PATH_MAX - sizeof("/.form.XXXXXX"))
        return form_fail(job, "%s", strerror(ENAMETOOLONG));
    strcpy(of_folder, out);
    strcpy(of_name, out);
    if (snprintf(folder, sizeof(folder), "%s/.form.XXXXXX", dirname(of_folder)) >= PATH_MAX ||
        mkdtemp(folder) == NULL)
        return form_fail(job, "no folder can be made beside it: %s", strerror(errno));
    job->folder = folder;
    job->made = made;
    const bool fits = snprintf(made, sizeof(made), "%s/%s", folder, basename(of_name)) < PATH_MAX;
    const bool done =
        fits ? make_and_move(job, form, out) : form_fail(job, "%s", strerror(ENAMETOOLONG));
    nftw(folder, forget_one, 1, FTW_DEPTH | FTW_PHYS);
    return done;
}

bool form_make(enum image_form form, const char *raw, const char *out)
{
    struct form_job job = { .raw = raw };
    const bool done = form != IMAGE_RAW       ? make_in_folder(&job, form, out)
                      : rename(raw, out) == 0 ? true
                                              : form_fail(&job, "%s", strerror(errno));

    if (!done)
        fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, out, job.reason);
    return done;
}
