/* SPDX-License-Identifier: MIT
 *
 * Any bytes as firmware memory, and as the block of a video mode. What is
 * believed must lie inside the bytes and keep what the kernel is promised.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/core/firmware_tables.h"
#include "stage2/plan/video_mode.h"

#define LINE_BYTES 16
#define FOUR_GIB   0x100000000ULL

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool claim)
{
    if (!claim)
        abort();
}

static void search(const uint8_t *data, size_t bytes)
{
    size_t at;

    if (firmware_find_rsdp(data, bytes, &at)) {
        require(at % LINE_BYTES == 0 && at < bytes);
        require(memcmp(data + at, "RSD PTR ", 8) == 0);
    }
    if (firmware_find_smbios(data, bytes, &at)) {
        require(at % LINE_BYTES == 0 && at < bytes);
        require(memcmp(data + at, "_SM", 3) == 0);
    }
}

static void take_mode(const uint8_t block[VBE_MODE_BYTES], uint16_t version)
{
    const struct video_wish wish = { 1024, 768, 32 };
    struct boot_video mode;

    if (!video_mode_parse(block, version, &mode))
        return;
    const uint64_t line = (uint64_t)mode.width * mode.bits_per_pixel / 8;
    require(mode.kind == BOOT_VIDEO_FRAMEBUFFER && mode.width != 0 && mode.height != 0);
    require(mode.pitch >= line && (mode.bits_per_pixel == 24 || mode.bits_per_pixel == 32));
    require(mode.phys + (uint64_t)mode.pitch * mode.height <= FOUR_GIB);
    require(mode.red_shift + mode.red_bits <= mode.bits_per_pixel);
    require(mode.green_shift + mode.green_bits <= mode.bits_per_pixel);
    require(mode.blue_shift + mode.blue_bits <= mode.bits_per_pixel);
    if (video_mode_is_better(&wish, &mode, NULL))
        require(mode.width <= wish.width && mode.height <= wish.height);
    require(!video_mode_is_better(&wish, &mode, &mode));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    uint8_t block[VBE_MODE_BYTES] = { 0 };

    search(data, bytes);
    memcpy(block, data, bytes < sizeof(block) ? bytes : sizeof(block));
    take_mode(block, VBE_VERSION_2);
    take_mode(block, VBE_VERSION_3);
    return 0;
}
