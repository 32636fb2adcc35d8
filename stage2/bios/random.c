/* SPDX-License-Identifier: MIT
 *
 * See random.h: which of this CPU's generators there are. How they are stirred
 * is core/seed.c's.
 */
#include "stage2/bios/random.h"

#include "stage2/bios/cpu.h"
#include "stage2/real/bios_call.h"

void random_seed(uint8_t seed[SEED_BYTES], const void *salt, size_t salt_bytes)
{
    const bool has_rdrand = (cpuid(CPUID_FEATURES).ecx & CPUID_1_ECX_RDRAND) != 0;
    const struct seed_source source = {
        .random = has_rdrand ? cpu_read_random : NULL,
        .time = exchange.cpu_has_tsc ? cpu_read_tsc : NULL,
    };
    seed_fill(seed, salt, salt_bytes, &source);
}
