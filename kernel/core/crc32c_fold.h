/* SPDX-License-Identifier: MIT
 *
 * CRC-32C of a long message for few instructions on any x86-64 CPU, while it is
 * being copied. The tables see only its last five KiB: all before is folded,
 * which is to say replaced by bytes further on that count the same.
 *
 * The polynomial divides T = x^5275 + x^4508 + x^2751 + 1 (found by search: none
 * with so few terms is shorter). Squaring keeps the terms few, so it also divides
 * T(x^8) and T(x^128): a byte, or a word of 16, may be struck out when it is
 * exclusive-ored to those 767, 2524 and 5275 places behind it.
 * Spec: as in crc32c.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "kernel/core/crc32c.h"

#define CRC32C_FOLD_NEAR       767  /* 5275 - 4508 */
#define CRC32C_FOLD_MIDDLE     2524 /* 5275 - 2751 */
#define CRC32C_FOLD_FAR        5275
#define CRC32C_FOLD_WORD_BYTES 16
#define CRC32C_FOLD_RING_BYTES (CRC32C_FOLD_FAR * CRC32C_FOLD_WORD_BYTES)

/*
 * Copy `words` words, and put each one exclusive-or near, middle and far (which
 * is what was there) in the ring. Ring places are aligned; the rest need not be.
 */
typedef void crc32c_fold_words(uint8_t *to, const uint8_t *from, uint8_t *far, const uint8_t *near,
                               const uint8_t *middle, size_t words);

/* What the last words were folded to. A short message just lies at the ring's end. */
struct crc32c_fold {
    struct crc32c_tables tables;
    ALIGNED(CRC32C_FOLD_WORD_BYTES) uint8_t ring[CRC32C_FOLD_RING_BYTES];
    crc32c_fold_words *fold_words;
    uint64_t message_bytes;
    uint32_t at; /* where in the ring the next byte goes; 0 when the last one is in */
};

void crc32c_fold_start(struct crc32c_fold *fold, crc32c_fold_words *fold_words, uint64_t bytes);

/* Copy and take in the next bytes of the message; `to` may be `from`. */
void crc32c_fold_copy(struct crc32c_fold *fold, void *to, const void *from, size_t bytes);

/* The CRC-32C, once all bytes that crc32c_fold_start was told of are in. */
uint32_t crc32c_fold_finish(struct crc32c_fold *fold);

/* The words by SSE2 (crc32c_fold_sse2.asm, x86-64 only); needs CR4.OSFXSR, CR0.EM and TS clear. */
crc32c_fold_words crc32c_fold_sse2;
