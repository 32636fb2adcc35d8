/* SPDX-License-Identifier: MIT
 *
 * coldstart-write: put Coldstart on a real disk. tools/write builds and starts it;
 * docs/write.md tells how to use it. Each mode has a file of its own.
 */
#include <stdlib.h>

#include "tools/disk/grow.h"
#include "tools/disk/install.h"
#include "tools/disk/list.h"
#include "tools/disk/options.h"
#include "tools/disk/say.h"
#include "tools/disk/write.h"

/* By enum request_mode. */
static int (*const modes[])(const struct request *) = {
    [REQUEST_LIST] = list_run,       [REQUEST_WRITE] = write_run,
    [REQUEST_INSTALL] = install_run, [REQUEST_UNINSTALL] = uninstall_run,
    [REQUEST_GROW] = grow_run,
};

int main(int count, char **arguments)
{
    const struct request request = options_read(count, arguments);

    say_start(request.json);
    return modes[request.mode](&request);
}
