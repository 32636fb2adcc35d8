/* SPDX-License-Identifier: MIT
 *
 * Finds disasters by name. They register themselves, in the files of their areas.
 */
#include "kernel/selftest/provoke.h"

#include "kernel/core/string.h"
#include "kernel/log/console.h"

/* Labels of kernel.ld. */
extern const struct disaster disasters_first[], disasters_end[];

void (*provoke_find(const char *name))(void *unused)
{
    for (const struct disaster *d = disasters_first; d < disasters_end; d++) {
        if (string_equals(d->name, name))
            return d->action;
    }
    return NULL;
}

void provoke_list(void)
{
    for (const struct disaster *d = disasters_first; d < disasters_end; d++)
        kprintf("  %-20s %s\n", d->name, d->text);
}

bool provoke(const char *name)
{
    void (*action)(void *) = provoke_find(name);
    if (action == NULL)
        return false;
    action(NULL);
    return true;
}
