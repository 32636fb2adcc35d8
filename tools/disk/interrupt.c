/* SPDX-License-Identifier: MIT
 *
 * See interrupt.h. Spec: POSIX sigaction.
 */
#include "tools/disk/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t was_seen;

static void note(int number)
{
    (void)number;
    was_seen = 1;
}

void interrupt_catch(void)
{
    /* Without SA_RESTART: a read from the terminal ends with EINTR. */
    struct sigaction action = { .sa_handler = note };

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    /* Nobody reads what is said any more: no reason to stop in the middle of a disk. */
    signal(SIGPIPE, SIG_IGN);
}

bool interrupt_seen(void)
{
    return was_seen != 0;
}
