/* SPDX-License-Identifier: MIT
 *
 * coldstart.cfg: text in, a struct of what was asked for out, or the line that
 * is wrong. Opens no file and checks none.
 *
 *   # a comment
 *   kernel  = /boot/kernel.elf          required, once
 *   cmdline = selftest panic=exit       at most once; may be empty
 *   module  = /boot/data.bin [name]     up to CONFIG_MAX_MODULES; the name
 *                                       defaults to the last part of the path
 *   video   = text | 1024x768x32        at most once; text when not given
 *   crc32c  = /boot/kernel.elf 1a2b3c4d up to CONFIG_MAX_CHECKSUMS, 8 hex digits
 *
 * Lines end in LF or CR LF, the last one may end without. A UTF-8 byte order
 * mark in front is skipped. Blanks (space, tab) around keys, `=`, `x` and values do
 * not count. `#` opens a comment at the start of a line and behind a blank,
 * but not in cmdline: there all to the end of the line is the value. Keys are
 * lower case. Paths are absolute, one word, without empty, "." or ".." parts.
 * A crc32c line must be for the kernel or a module, or it would check nothing.
 * Any other control byte than those above is an error, also in a comment.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "boot/status.h"

#define CONFIG_PATH "/coldstart.cfg" /* on the boot volume */

#define CONFIG_MAX_BYTES     0x4000 /* of the whole text */
#define CONFIG_MAX_MODULES   16
#define CONFIG_MAX_CHECKSUMS 24
#define CONFIG_PATH_SIZE     256 /* sizes count the NUL */
#define CONFIG_NAME_SIZE     64
#define CONFIG_CMDLINE_SIZE  1024
#define CONFIG_PROBLEM_SIZE  64
#define CONFIG_MAX_PIXELS    16384 /* of a video mode, either way */

enum config_video_kind {
    CONFIG_VIDEO_TEXT = 0,
    CONFIG_VIDEO_FRAMEBUFFER = 1,
};

/* Lines count from 1; 0 means the key was not given. */
struct config_video {
    enum config_video_kind kind;
    uint16_t width;  /* pixels; 0 for text */
    uint16_t height; /* pixels; 0 for text */
    uint8_t bits;    /* per pixel: 15, 16, 24 or 32; 0 for text */
    unsigned line;
};

struct config_module {
    char path[CONFIG_PATH_SIZE];
    char name[CONFIG_NAME_SIZE];
    unsigned line;
};

struct config_checksum {
    char path[CONFIG_PATH_SIZE];
    uint32_t crc32c;
    unsigned line;
};

struct config {
    char kernel[CONFIG_PATH_SIZE];
    char command_line[CONFIG_CMDLINE_SIZE];
    unsigned kernel_line;
    unsigned command_line_line;
    unsigned module_count;
    unsigned checksum_count;
    struct config_video video;
    struct config_module modules[CONFIG_MAX_MODULES];
    struct config_checksum checksums[CONFIG_MAX_CHECKSUMS];
};

/* For the message: where it went wrong, and the words that did it. */
struct config_problem {
    unsigned line;                  /* 0: no one line is at fault */
    char text[CONFIG_PROBLEM_SIZE]; /* cut to fit, unprintable bytes as '?' */
};

/*
 * Parse `bytes` bytes of text. *config is written only on BOOT_OK, *problem only
 * otherwise: BOOT_E_CONFIG_SYNTAX, _KEY, _VALUE, _REPEATED, _NO_KERNEL, _SIZE,
 * _MANY, as their sentences say.
 */
MUST_CHECK enum boot_status config_parse(const char *text, size_t bytes, struct config *config,
                                         struct config_problem *problem);

/* The checksum given for a path, compared as FAT compares names; NULL when there is none. */
const struct config_checksum *config_checksum_for(const struct config *config, const char *path);
