/* SPDX-License-Identifier: MIT
 *
 * The step video_choose: text, or the framebuffer closest to what is
 * configured. What cannot be had is said, and text stays; fatal only when the
 * kernel says that it needs the other.
 */
#include "stage2/bios/console.h"
#include "stage2/bios/trace.h"
#include "stage2/bios/vbe.h"
#include "stage2/loader.h"
#include "stage2/requirements.h"

/* After a success the screen shows nothing until the kernel draws. */
static void try_framebuffer(struct loader *loader)
{
    const struct config_video *const video = &loader->config->video;
    const struct video_wish wish = { video->width, video->height, video->bits };
    struct boot_video mode;
    uint16_t number;

    if (!vbe_find(&wish, &number, &mode)) {
        console_say("coldstart: no video mode like %ux%ux%u, text stays\n", video->width,
                    video->height, video->bits);
        return;
    }
    requirements_judge_video(loader, BOOT_FEATURE_FRAMEBUFFER);
    console_say("coldstart: video mode %Xh, %ux%ux%u\n", number, mode.width, mode.height,
                mode.bits_per_pixel);
    if (vbe_enter_graphics(number))
        loader->video = mode;
    else
        console_say("coldstart: the BIOS refused the mode, text stays\n");
}

/* The step. E64: what the kernel needs is not what it would find. */
void video_choose(struct loader *loader)
{
    trace_step(BOOT_STEP_VIDEO, 0);
    loader->video = vbe_text();
    if (loader->config->video.kind == CONFIG_VIDEO_FRAMEBUFFER)
        try_framebuffer(loader);
    if (loader->video.kind == BOOT_VIDEO_TEXT)
        requirements_judge_video(loader, BOOT_FEATURE_TEXT);
}
