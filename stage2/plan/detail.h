/* SPDX-License-Identifier: MIT
 *
 * The second half of an error line: where, and which number, behind the sentence
 * of reason.h. One format for each kind, so that the loader on its screen and
 * mkimage --check on this machine say the same words. Formats of kernel/core/format.h;
 * numbers of 64 bits are uint64_t.
 */
#pragma once

/* Before the sentence: the status. */
#define DETAIL_ERROR "error E%02X: %s"

/* Drive; drive, LBA, INT 13h status; drive, LBA, LBA. */
#define DETAIL_VOLUME      "drive %02Xh, LBA %lu"
#define DETAIL_VOLUME_READ "drive %02Xh, LBA %lu, INT 13h status %02Xh"
#define DETAIL_BACKUP      "drive %02Xh, LBA %lu, its backup at LBA %lu differs"

/* Drive, the two sums of stage 1, the two it was sealed with. */
#define DETAIL_STAGE1 "drive %02Xh, LBA 0, sums %08x %08x, sealed with %08x %08x"

/* LBA, INT 13h status, path; path and the line that names it. */
#define DETAIL_FILE_READ "LBA %lu, INT 13h status %02Xh, reading %s"
#define DETAIL_FILE      "%s"
#define DETAIL_FILE_LINE "%s, coldstart.cfg line %u"

/* Path, its checksum, the line that gives another, that one. */
#define DETAIL_CRC "%s is %08x, coldstart.cfg line %u says %08x"

/* Path, bytes, how many are possible; path, line, the words that are wrong. */
#define DETAIL_CONFIG_SIZE "%s has %u bytes, %u are possible"
#define DETAIL_CONFIG      "%s"
#define DETAIL_CONFIG_LINE "%s line %u: %s"

/* Path, and struct elf64_problem's members. */
#define DETAIL_ELF "%s, %s %lu, value %lXh"

/* Path, and what requirements.h says it needs. */
#define DETAIL_NEEDS "%s %s"
