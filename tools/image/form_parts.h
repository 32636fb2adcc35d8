/* SPDX-License-Identifier: MIT
 *
 * How the forms are made, one function for each step. For the form*.c files only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "tools/disk/device.h"

#define FORM_REASON_BYTES 768

/* A form on its way. */
struct form_job {
    const char *raw;    /* the raw image ... */
    struct device disk; /* ... open for reading */
    const char *folder; /* ours, for files that go again */
    const char *made;   /* the file to make: in that folder, with its final name */
    char reason[FORM_REASON_BYTES];
};

/* Say why it failed. Returns false. */
bool form_fail(struct form_job *job, const char *format, ...) PRINTF_LIKE(2, 3);

/* The seconds since 1970 that all time stamps get: SOURCE_DATE_EPOCH, else one fixed moment. */
uint64_t form_moment(void);

#define FORM_IDENTITY_WORDS 4

/* Numbers that depend on every byte of the raw image, where a format wants random ones. */
MUST_CHECK bool form_identity(struct form_job *job, uint32_t words[FORM_IDENTITY_WORDS]);

/* Give a file that qemu-img made what it should have instead of time and chance. */
MUST_CHECK bool form_settle_vhd(struct form_job *job, const struct device *made);
MUST_CHECK bool form_settle_vmdk(struct form_job *job, const struct device *made);

/* Make the CD at job->made, and see that the raw image is in it. */
MUST_CHECK bool form_make_iso(struct form_job *job);
