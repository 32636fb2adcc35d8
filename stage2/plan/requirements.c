/* SPDX-License-Identifier: MIT
 *
 * See requirements.h. The first thing that is missing is named, the protocol
 * before all: what the other numbers of a newer kernel mean is not known here.
 */
#include "stage2/plan/requirements.h"

#include "boot/boot_info.h"
#include "kernel/core/format.h"

static const struct {
    uint64_t bit;
    const char *name;
} features[] = {
    { BOOT_FEATURE_NX, "NX, pages that cannot be executed" },
    { BOOT_FEATURE_PAGES_1G, "1 GiB pages" },
    { BOOT_FEATURE_RDRAND, "RDRAND, a random seed that is secret" },
    { BOOT_FEATURE_ACPI, "ACPI tables" },
    { BOOT_FEATURE_SMBIOS, "SMBIOS tables" },
    { BOOT_FEATURE_EDD, "a BIOS with EDD for the boot drive" },
    { BOOT_FEATURE_MODULE, "a module" },
    { BOOT_FEATURE_TEXT, "a text screen" },
    { BOOT_FEATURE_FRAMEBUFFER, "a framebuffer" },
};

/* The sentence for the lowest of these bits, at least one of which is set. */
static void say_feature(uint64_t missing, struct requirements_text *text)
{
    const uint64_t bit = missing & (~missing + 1);
    for (unsigned i = 0; i < ARRAY_COUNT(features); i++)
        if (features[i].bit == bit) {
            format_string(text->text, sizeof(text->text), "needs %s", features[i].name);
            return;
        }
    format_string(text->text, sizeof(text->text), "needs feature %u, unknown to this loader",
                  (unsigned)__builtin_ctzll(bit));
}

/*
 * BOOT_E_NEEDS_PROTOCOL  a newer version, or a longer boot_info
 * BOOT_E_NEEDS_FEATURE   a bit that stands for nothing here
 */
enum boot_status requirements_check_loader(const struct boot_requirements *needs,
                                           struct requirements_text *text)
{
    uint64_t known = 0;

    if (needs->version > BOOT_PROTOCOL_VERSION) {
        format_string(text->text, sizeof(text->text), "needs version %u, this is %u",
                      (unsigned)needs->version, BOOT_PROTOCOL_VERSION);
        return BOOT_E_NEEDS_PROTOCOL;
    }
    if (needs->info_bytes > sizeof(struct boot_info)) {
        format_string(text->text, sizeof(text->text),
                      "needs a boot_info of %u bytes, this one has %u", (unsigned)needs->info_bytes,
                      (unsigned)sizeof(struct boot_info));
        return BOOT_E_NEEDS_PROTOCOL;
    }
    for (unsigned i = 0; i < ARRAY_COUNT(features); i++)
        known |= features[i].bit;
    return requirements_check_features(needs, ~known, 0, text);
}

/* BOOT_E_NEEDS_MEMORY  there is less */
enum boot_status requirements_check_memory(const struct boot_requirements *needs,
                                           uint64_t usable_kib, struct requirements_text *text)
{
    if (needs->memory_kib <= usable_kib)
        return BOOT_OK;
    format_string(text->text, sizeof(text->text), "needs %llu KiB, %llu KiB are usable",
                  (unsigned long long)needs->memory_kib, (unsigned long long)usable_kib);
    return BOOT_E_NEEDS_MEMORY;
}

/* BOOT_E_NEEDS_FEATURE  the lowest of those that are missing is named */
enum boot_status requirements_check_features(const struct boot_requirements *needs, uint64_t judged,
                                             uint64_t present, struct requirements_text *text)
{
    const uint64_t missing = needs->features & judged & ~present;
    if (missing == 0)
        return BOOT_OK;
    say_feature(missing, text);
    return BOOT_E_NEEDS_FEATURE;
}
