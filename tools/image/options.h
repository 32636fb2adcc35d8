/* SPDX-License-Identifier: MIT
 *
 * mkimage's command line, read and judged as far as it can be without a look at any file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/image/forms.h"

#define LABEL_BYTES    11 /* of a FAT volume's label */
#define SIZE_LEAST_MIB 16 /* smaller AHCI and virtio disks are refused by SeaBIOS */
#define SIZE_MOST_MIB  (2ULL * 1024 * 1024 - 1)

/* Values of an option that may be given several times, in order. */
struct option_list {
    const char **values;
    size_t count;
};

struct options {
    const char *check; /* --check's file, and then nothing else counts but json */
    const char *out, *kernel, *config, *stage1, *stage2;
    const char *kernel_path; /* on the volume */
    const char *command_line, *video;
    struct option_list modules, files, folders;
    const char *size_text;
    uint64_t size_mib; /* 0: as small as the contents allow */
    unsigned fat;      /* 12, 16, 32; 0: by the size */
    char label[LABEL_BYTES + 1];
    enum image_form form;
    uint32_t signature; /* 0: stage 2's build id */
    bool nt_first_bytes, no_bpb, no_strip, no_crc, force, json;
};

/* Wrong ones end the program with status 2; --help ends it with status 0. */
struct options options_read(int count, char **arguments);
