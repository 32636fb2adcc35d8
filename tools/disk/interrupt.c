/* SPDX-License-Identifier: MIT
 *
 * See interrupt.h. Spec: POSIX sigaction; ppoll(2).
 */
#define _GNU_SOURCE
#include "tools/disk/interrupt.h"

#include <errno.h>
#include <poll.h>
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

/* The signals are let in only while waiting: one that comes just before would be slept over. */
bool interrupt_wait_input(int fd)
{
    struct pollfd input = { .fd = fd, .events = POLLIN };
    sigset_t caught, before;
    int ready = -1;

    sigemptyset(&caught);
    sigaddset(&caught, SIGINT);
    sigaddset(&caught, SIGTERM);
    sigaddset(&caught, SIGHUP);
    sigprocmask(SIG_BLOCK, &caught, &before);
    do
        ready = interrupt_seen() ? 0 : ppoll(&input, 1, NULL, &before);
    while (ready < 0 && errno == EINTR);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ready > 0;
}
