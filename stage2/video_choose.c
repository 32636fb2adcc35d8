/* SPDX-License-Identifier: MIT
 *
 * The step video_choose: text, or the framebuffer closest to what is
 * configured. Never fatal: what cannot be had is said, and text stays.
 */
#include "stage2/bios/console.h"
#include "stage2/bios/trace.h"
#include "stage2/bios/vbe.h"
#include "stage2/loader.h"

/* The step. After a success the screen shows nothing until the kernel draws. */
void video_choose(struct loader *loader)
{
    const struct config_video *const video = &loader->config->video;
    const struct video_wish wish = { video->width, video->height, video->bits };
    struct boot_video mode;
    uint16_t number;

    trace_step(BOOT_STEP_VIDEO, 0);
    loader->video = vbe_text();
    if (video->kind == CONFIG_VIDEO_TEXT)
        return;
    if (!vbe_find(&wish, &number, &mode)) {
        console_say("coldstart: no video mode like %ux%ux%u, text stays\n", video->width,
                    video->height, video->bits);
        return;
    }
    console_say("coldstart: video mode %Xh, %ux%ux%u\n", number, mode.width, mode.height,
                mode.bits_per_pixel);
    if (vbe_enter_graphics(number))
        loader->video = mode;
    else
        console_say("coldstart: the BIOS refused the mode, text stays\n");
}
