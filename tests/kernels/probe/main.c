/* SPDX-License-Identifier: MIT
 *
 * The probe kernel: run every check, name every broken promise, leave. It ends
 * with `probe: ok` or `probe: failed`, and QEMU's exit status says the same.
 */
#include "probe.h"

void probe_main(const struct probe_entry_state *state);

static unsigned run(const struct probe *probe, const struct probe_check *checks, unsigned *done)
{
    unsigned broken = 0;
    for (; checks->promise != NULL; checks++, ++*done) {
        if (checks->kept(probe))
            continue;
        broken++;
        print("probe: broken: ");
        print(checks->promise);
        print("\n");
    }
    return broken;
}

/* Without relocations the lists below are empty, and everything would be well. */
static bool lists_relocated(void)
{
    static const char *const volatile witness = "witness";
    return witness != NULL && witness[0] == 'w';
}

/* What follows reads through boot_info, so the pointer itself comes first. */
void probe_main(const struct probe_entry_state *state)
{
    const struct probe probe = { *state, (const struct boot_info *)state->rdi };
    static const struct probe_check *const lists[] = { entry_checks, info_checks, memory_checks,
                                                       paging_checks, image_checks };
    print("probe: entered\n");
    if (!lists_relocated()) {
        print("probe: broken: pointers in data are relocated\nprobe: failed\n");
        leave(false);
    }
    unsigned done = 0, broken = 0;
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
        broken += run(&probe, lists[i], &done);
    print_facts(&probe);
    print_fact("checks", done);
    print(broken == 0 ? "probe: ok\n" : "probe: failed\n");
    leave(broken == 0);
}
