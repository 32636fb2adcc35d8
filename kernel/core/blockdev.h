/* SPDX-License-Identifier: MIT
 *
 * The port through which parsers pull sectors: whoever owns a disk, an image
 * file or a fuzzer's bytes fills it in. Reading only; nothing here can write.
 */
#pragma once

#include <stdint.h>

#include "boot/status.h"

/*
 * read     puts `count` 512-byte sectors from `lba` on at `buffer` (count * 512
 *          bytes, any alignment); returns BOOT_OK, or BOOT_E_DISK_READ with the
 *          buffer's contents undefined
 * context  the owner's, handed back on every call
 * sectors  how many there are; a caller never asks beyond; UINT64_MAX unknown
 */
struct blockdev {
    enum boot_status (*read)(void *context, uint64_t lba, uint32_t count, void *buffer);
    void *context;
    uint64_t sectors;
};
