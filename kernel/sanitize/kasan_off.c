/* SPDX-License-Identifier: MIT
 *
 * Every build but the KASAN build: nothing has a shadow, nothing is checked.
 */
#include "kernel/sanitize/kasan.h"

bool kasan_is_on(void)
{
    return false;
}

void kasan_poison(const void *address, size_t bytes, enum kasan_mark why)
{
    (void)address;
    (void)bytes;
    (void)why;
}

void kasan_unpoison(const void *address, size_t bytes)
{
    (void)address;
    (void)bytes;
}

void kasan_pause(void)
{
}

void kasan_resume(void)
{
}

void kasan_catch(struct kasan_finding *finding)
{
    if (finding != NULL)
        *finding = (struct kasan_finding){ .bytes = 0 };
}

size_t kasan_describe(const struct kasan_finding *finding, char *text, size_t size)
{
    (void)finding;
    if (size > 0)
        *text = '\0';
    return 0;
}
