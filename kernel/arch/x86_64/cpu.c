/* SPDX-License-Identifier: MIT
 *
 * CPUID in words, and the protection bits of the control registers.
 * Spec: Intel SDM, volume 2A "CPUID"; volume 3A, section 2.5.
 */
#include "kernel/arch/x86_64/cpu.h"

#include "hw/cpu.h"
#include "kernel/arch/x86_64/registers.h"
#include "kernel/core/string.h"

enum cpuid_register { REG_EBX, REG_ECX, REG_EDX };

struct feature_bit {
    const char *name;
    uint32_t leaf;
    enum cpuid_register where;
    uint32_t bit;
};

static const struct feature_bit feature_bits[] = {
    { "NX", CPUID_EXTENDED_1, REG_EDX, CPUID_X1_EDX_NX },
    { "SMEP", CPUID_FEATURES_7, REG_EBX, CPUID_7_EBX_SMEP },
    { "SMAP", CPUID_FEATURES_7, REG_EBX, CPUID_7_EBX_SMAP },
    { "UMIP", CPUID_FEATURES_7, REG_ECX, CPUID_7_ECX_UMIP },
    { "MCE", CPUID_FEATURES, REG_EDX, CPUID_1_EDX_MCE },
    { "PGE", CPUID_FEATURES, REG_EDX, CPUID_1_EDX_PGE },
    { "1GB-PAGES", CPUID_EXTENDED_1, REG_EDX, CPUID_X1_EDX_PAGE1GB },
    { "LA57", CPUID_FEATURES_7, REG_ECX, CPUID_7_ECX_LA57 },
    { "PCID", CPUID_FEATURES, REG_ECX, CPUID_1_ECX_PCID },
    { "APIC", CPUID_FEATURES, REG_EDX, CPUID_1_EDX_APIC },
    { "X2APIC", CPUID_FEATURES, REG_ECX, CPUID_1_ECX_X2APIC },
    { "TSC-DEADLINE", CPUID_FEATURES, REG_ECX, CPUID_1_ECX_TSC_DEADLN },
    { "INVARIANT-TSC", CPUID_POWER, REG_EDX, CPUID_X7_EDX_TSC_INVT },
    { "RDTSCP", CPUID_EXTENDED_1, REG_EDX, CPUID_X1_EDX_RDTSCP },
    { "RDRAND", CPUID_FEATURES, REG_ECX, CPUID_1_ECX_RDRAND },
    { "RDSEED", CPUID_FEATURES_7, REG_EBX, CPUID_7_EBX_RDSEED },
    { "ERMS", CPUID_FEATURES_7, REG_EBX, CPUID_7_EBX_ERMS },
    { "FSGSBASE", CPUID_FEATURES_7, REG_EBX, CPUID_7_EBX_FSGSBASE },
    { "XSAVE", CPUID_FEATURES, REG_ECX, CPUID_1_ECX_XSAVE },
    { "SYSCALL", CPUID_EXTENDED_1, REG_EDX, CPUID_X1_EDX_SYSCALL },
    { "HYPERVISOR", CPUID_FEATURES, REG_ECX, CPUID_1_ECX_HYPERVISOR },
};

static struct cpu_feature features[ARRAY_COUNT(feature_bits) + 1];

/* Does the CPU answer this leaf? Beyond the last one Intel repeats another's answer. */
static bool leaf_exists(uint32_t leaf)
{
    return leaf <= cpuid_read(leaf & CPUID_EXTENDED, 0).eax;
}

static bool feature_is_there(const struct feature_bit *bit)
{
    if (!leaf_exists(bit->leaf))
        return false;
    const struct cpuid_result answer = cpuid_read(bit->leaf, 0);
    switch (bit->where) {
    case REG_EBX:
        return (answer.ebx & bit->bit) != 0;
    case REG_ECX:
        return (answer.ecx & bit->bit) != 0;
    case REG_EDX:
        return (answer.edx & bit->bit) != 0;
    }
    return false;
}

const struct cpu_feature *cpu_feature_list(void)
{
    if (features[0].name == NULL) {
        for (unsigned i = 0; i < ARRAY_COUNT(feature_bits); i++)
            features[i] = (struct cpu_feature){ .name = feature_bits[i].name,
                                                .present = feature_is_there(&feature_bits[i]) };
    }
    return features;
}

bool cpu_has(const char *feature)
{
    for (const struct cpu_feature *f = cpu_feature_list(); f->name != NULL; f++) {
        if (string_equals(f->name, feature))
            return f->present;
    }
    return false;
}

static void copy_registers(char *to, uint32_t first, uint32_t second, uint32_t third)
{
    const uint32_t words[] = { first, second, third };
    memcpy(to, words, sizeof(words));
    to[sizeof(words)] = '\0';
}

static void identify_brand(char *brand)
{
    char text[CPU_BRAND_BYTES] = { 0 };
    if (leaf_exists(CPUID_BRAND_LAST)) {
        for (uint32_t leaf = CPUID_BRAND_FIRST; leaf <= CPUID_BRAND_LAST; leaf++) {
            const struct cpuid_result part = cpuid_read(leaf, 0);
            memcpy(text + (leaf - CPUID_BRAND_FIRST) * sizeof(part), &part, sizeof(part));
        }
    }
    const char *start = text;
    while (*start == ' ')
        start++;
    memcpy(brand, start, string_length(start) + 1);
}

/* Extended family and model count only where the base fields are full. */
static void identify_signature(struct cpu_identity *identity)
{
    const uint32_t signature = cpuid_read(CPUID_FEATURES, 0).eax;
    const unsigned family = CPUID_1_EAX_FAMILY(signature);
    identity->stepping = CPUID_1_EAX_STEPPING(signature);
    identity->family = family;
    if (family == CPUID_FAMILY_EXTENDED)
        identity->family += CPUID_1_EAX_FAMILY_MORE(signature);
    identity->model = CPUID_1_EAX_MODEL(signature);
    if (family == CPUID_FAMILY_P6 || family == CPUID_FAMILY_EXTENDED)
        identity->model += CPUID_1_EAX_MODEL_MORE(signature) << 4;
}

/* The answer of CPUID_ADDRESS_SIZES, or what the first CPUs with long mode had. */
static uint32_t address_sizes(void)
{
    return leaf_exists(CPUID_ADDRESS_SIZES) ? cpuid_read(CPUID_ADDRESS_SIZES, 0).eax
                                            : CPUID_ADDRESS_SIZES_DEFAULT;
}

unsigned cpu_physical_bits(void)
{
    return CPUID_X8_EAX_PHYSICAL(address_sizes());
}

void cpu_identify(struct cpu_identity *identity)
{
    const struct cpuid_result vendor = cpuid_read(CPUID_VENDOR, 0);
    copy_registers(identity->vendor, vendor.ebx, vendor.edx, vendor.ecx);
    identify_brand(identity->brand);
    identify_signature(identity);
    identity->hypervisor[0] = '\0';
    if (cpu_has("HYPERVISOR")) {
        const struct cpuid_result host = cpuid_read(CPUID_HYPERVISOR_LEAF, 0);
        copy_registers(identity->hypervisor, host.ebx, host.ecx, host.edx);
    }
    identity->physical_bits = cpu_physical_bits();
    identity->virtual_bits = CPUID_X8_EAX_VIRTUAL(address_sizes());
}

void cpu_protect(void)
{
    if (cpu_has("NX"))
        msr_write(MSR_EFER, msr_read(MSR_EFER) | EFER_NXE);
    cr0_write(cr0_read() | CR0_WP | CR0_NE);

    uint64_t wanted = 0;
    if (cpu_has("SMEP"))
        wanted |= CR4_SMEP;
    if (cpu_has("SMAP"))
        wanted |= CR4_SMAP;
    if (cpu_has("UMIP"))
        wanted |= CR4_UMIP;
    if (cpu_has("MCE"))
        wanted |= CR4_MCE;
    cr4_write(cr4_read() | wanted);
}

bool cpu_no_execute_is_on(void)
{
    return (msr_read(MSR_EFER) & EFER_NXE) != 0;
}
