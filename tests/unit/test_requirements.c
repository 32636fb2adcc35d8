/* SPDX-License-Identifier: MIT
 *
 * Unit tests of the judgement of what a kernel needs: each number at its edge,
 * and every feature with a name of its own.
 */
#include <stdio.h>
#include <string.h>

#include "boot/boot_info.h"
#include "stage2/plan/requirements.h"
#include "tests/unit/cmocka_all.h"

#define BITS 64

static void asks_for_nothing(void **state)
{
    (void)state;
    const struct boot_requirements none = { 0 };
    struct requirements_text text;
    assert_int_equal(requirements_check_loader(&none, &text), BOOT_OK);
    assert_int_equal(requirements_check_memory(&none, 0, &text), BOOT_OK);
    assert_int_equal(requirements_check_features(&none, UINT64_MAX, 0, &text), BOOT_OK);
}

static void judges_the_protocol(void **state)
{
    (void)state;
    struct boot_requirements needs = { BOOT_PROTOCOL_VERSION, sizeof(struct boot_info), 0, 0 };
    struct requirements_text text;
    assert_int_equal(requirements_check_loader(&needs, &text), BOOT_OK);
    needs.info_bytes++;
    assert_int_equal(requirements_check_loader(&needs, &text), BOOT_E_NEEDS_PROTOCOL);
    assert_non_null(strstr(text.text, "401 bytes"));
    needs.version++;
    needs.features = UINT64_MAX;
    assert_int_equal(requirements_check_loader(&needs, &text), BOOT_E_NEEDS_PROTOCOL);
    assert_string_equal(text.text, "needs version 2, this is 1");
}

static void judges_memory(void **state)
{
    (void)state;
    const struct boot_requirements needs = { .memory_kib = UINT64_MAX };
    struct requirements_text text;
    assert_int_equal(requirements_check_memory(&needs, UINT64_MAX, &text), BOOT_OK);
    assert_int_equal(requirements_check_memory(&needs, UINT64_MAX - 1, &text), BOOT_E_NEEDS_MEMORY);
    assert_string_equal(text.text, "needs 18446744073709551615 KiB, "
                                   "18446744073709551614 KiB are usable");
}

/* A bit is known, and then it has a name, or it is refused by its number. */
static void every_bit_is_a_feature_or_unknown(void **state)
{
    (void)state;
    unsigned known = 0;
    for (unsigned bit = 0; bit < BITS; bit++) {
        const struct boot_requirements needs = { .features = 1ULL << bit };
        struct requirements_text text;
        char number[16];
        snprintf(number, sizeof(number), "feature %u,", bit);
        const enum boot_status status = requirements_check_loader(&needs, &text);
        assert_int_equal(status != BOOT_OK,
                         status == BOOT_E_NEEDS_FEATURE && strstr(text.text, number) != NULL);
        known += status == BOOT_OK;
        assert_int_equal(requirements_check_features(&needs, needs.features, 0, &text),
                         BOOT_E_NEEDS_FEATURE);
        assert_int_equal(status == BOOT_OK, strstr(text.text, "unknown") == NULL);
        assert_int_equal(requirements_check_features(&needs, needs.features, needs.features, &text),
                         BOOT_OK);
        assert_int_equal(requirements_check_features(&needs, ~needs.features, 0, &text), BOOT_OK);
    }
    assert_int_equal(known, 9);
}

static void names_the_lowest_that_is_missing(void **state)
{
    (void)state;
    const struct boot_requirements needs = { .features = BOOT_FEATURE_NX | BOOT_FEATURE_SMBIOS |
                                                         BOOT_FEATURE_FRAMEBUFFER };
    struct requirements_text text;
    assert_int_equal(
        requirements_check_features(&needs, ~(uint64_t)REQUIREMENTS_VIDEO, BOOT_FEATURE_NX, &text),
        BOOT_E_NEEDS_FEATURE);
    assert_string_equal(text.text, "needs SMBIOS tables");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_for_nothing),
        cmocka_unit_test(judges_the_protocol),
        cmocka_unit_test(judges_memory),
        cmocka_unit_test(every_bit_is_a_feature_or_unknown),
        cmocka_unit_test(names_the_lowest_that_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
