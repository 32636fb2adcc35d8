/* SPDX-License-Identifier: MIT
 *
 * The page tables the kernel was given, read through the direct map. Four
 * levels; changes nothing.
 *
 * Spec: Intel SDM volume 3, chapter 4 "Paging", 4-level paging.
 */
#include "probe.h"

#define ENTRIES           512
#define LEVELS            4
#define PRESENT           (1ull << 0)
#define WRITABLE          (1ull << 1)
#define USER              (1ull << 2)
#define LARGE             (1ull << 7)
#define NO_EXECUTE        (1ull << 63)
#define ADDRESS           0x000FFFFFFFFFF000ull
#define LEVEL_SHIFT(n)    (12 + 9 * ((n)-1)) /* level 1: page table ... 4: PML4 */
#define LEVEL_BYTES(n)    (1ull << LEVEL_SHIFT(n))
#define LEVEL_INDEX(v, n) (((v) >> LEVEL_SHIFT(n)) % ENTRIES)

static const uint64_t *table_at(const struct probe *probe, uint64_t phys)
{
    return at_phys(probe, phys & ADDRESS);
}

struct probe_mapping mapping_of(const struct probe *probe, uint64_t virt)
{
    struct probe_mapping mapping = { .writable = true, .executable = true, .user = true };
    uint64_t next = probe->state.cr3;
    for (unsigned level = LEVELS; level != 0; level--) {
        const uint64_t entry = table_at(probe, next)[LEVEL_INDEX(virt, level)];
        if (!(entry & PRESENT))
            return (struct probe_mapping){ 0 };
        mapping.writable &= (entry & WRITABLE) != 0;
        mapping.executable &= (entry & NO_EXECUTE) == 0;
        mapping.user &= (entry & USER) != 0;
        next = entry;
        if (level == 1 || (entry & LARGE)) {
            mapping.bytes = LEVEL_BYTES(level);
            mapping.phys = (entry & ADDRESS & ~(mapping.bytes - 1)) | (virt & (mapping.bytes - 1));
            return mapping;
        }
    }
    return mapping;
}

/* Rights of the levels above are given down: a right needs the grant of every level. */
static bool any_in_table(const struct probe *probe, uint64_t phys, unsigned level, uint64_t rights)
{
    const uint64_t *table = table_at(probe, phys);
    for (unsigned i = 0; i < ENTRIES; i++) {
        const uint64_t entry = table[i];
        if (!(entry & PRESENT))
            continue;
        const uint64_t left = rights & ((entry & WRITABLE) | (~entry & NO_EXECUTE));
        const bool leaf = level == 1 || (entry & LARGE);
        if (leaf && left == (WRITABLE | NO_EXECUTE))
            return true;
        if (!leaf && any_in_table(probe, entry, level - 1, left))
            return true;
    }
    return false;
}

/* Every mapping there is, not only those the loader tells of. */
bool any_writable_and_executable(const struct probe *probe)
{
    return any_in_table(probe, probe->state.cr3, LEVELS, WRITABLE | NO_EXECUTE);
}
