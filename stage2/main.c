/* SPDX-License-Identifier: MIT
 *
 * The story of stage 2 in C: from what the BIOS said about memory to the
 * kernel's first instruction, a call a line. Each call is a step of
 * include/boot/steps.h and lives in the file of its name.
 */
#include "stage2/bios/trace.h"
#include "stage2/loader.h"
#include "stage2/real/bios_call.h"

void loader_main(void)
{
    static struct loader loader;

    trace_step(BOOT_STEP_LOADER, 0);
    memory_judge(&loader);        /* from here on memory can be taken */
    volume_find(&loader);         /* ... files can be read */
    config_load(&loader);         /* ... it is known which */
    kernel_load(&loader);         /* ... the kernel is in memory */
    modules_load(&loader);        /* ... and all it wants with it */
    video_choose(&loader);        /* ... the screen is as it will find it */
    kernel_paging_build(&loader); /* ... and its addresses exist */
    handoff(&loader);
}
