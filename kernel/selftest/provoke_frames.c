/* SPDX-License-Identifier: MIT
 *
 * Frames mistreated: each ends in a panic that names the frame.
 */
#include "hw/vga.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/mm/frames.h"
#include "kernel/selftest/provoke.h"

#define WRITTEN_AT 0x123
#define WRITTEN    0x55

DISASTER(frame_freed_twice, "frame-freed-twice", "give a frame back twice")
{
    const uint64_t phys = frames_allocate(0, FRAMES_ANY);
    frames_free(phys, 0);
    frames_free(phys, 0);
}

DISASTER(frame_wrong_order, "frame-wrong-order", "give back half of a block of frames")
{
    frames_free(frames_allocate(1, FRAMES_ANY), 0);
}

DISASTER(frame_foreign, "frame-foreign", "give back the frame of the screen's text")
{
    frames_free(VGA_TEXT_PHYS, 0);
}

DISASTER(frame_written, "frame-written", "write to a frame that is free, then allocate it, checked")
{
    frames_set_checked(true);
    const uint64_t phys = frames_allocate(0, FRAMES_ANY);
    uint8_t *const memory = direct_map_at(phys);
    frames_free(phys, 0);
    memory[WRITTEN_AT] = WRITTEN;
    frames_free(frames_allocate(0, FRAMES_ANY), 0);
}
