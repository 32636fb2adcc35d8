/* SPDX-License-Identifier: MIT
 *
 * What the compiler calls: before each load and store, and where a frame's
 * variables come and go. The names are its own.
 * Spec: LLVM 14, AddressSanitizer.cpp, with every check out of line.
 */
#include "base/compiler.h"
#include "kernel/core/string.h"
#include "kernel/sanitize/kasan_runtime.h"

/* The code that called the function this stands in, and its frame. */
#define SITE  ((uint64_t)__builtin_return_address(0))
#define FRAME (*(const uint64_t *)__builtin_frame_address(0))

/* One load and one store of so many bytes. */
#define ACCESS(bytes)                                                                              \
    void kasan_load##bytes(uint64_t address) __asm__("__asan_load" #bytes "_noabort");             \
    void kasan_store##bytes(uint64_t address) __asm__("__asan_store" #bytes "_noabort");           \
    void kasan_load##bytes(uint64_t address)                                                       \
    {                                                                                              \
        kasan_check(address, bytes, false, SITE, FRAME);                                           \
    }                                                                                              \
    void kasan_store##bytes(uint64_t address)                                                      \
    {                                                                                              \
        kasan_check(address, bytes, true, SITE, FRAME);                                            \
    }

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

void kasan_load_n(uint64_t address, size_t bytes) __asm__("__asan_loadN_noabort");
void kasan_store_n(uint64_t address, size_t bytes) __asm__("__asan_storeN_noabort");
void kasan_no_return(void) __asm__("__asan_handle_no_return");
void kasan_alloca_poison(uint64_t address, size_t bytes) __asm__("__asan_alloca_poison");
void kasan_alloca_unpoison(uint64_t top, uint64_t bottom) __asm__("__asan_allocas_unpoison");

void kasan_load_n(uint64_t address, size_t bytes)
{
    kasan_check(address, bytes, false, SITE, FRAME);
}

void kasan_store_n(uint64_t address, size_t bytes)
{
    kasan_check(address, bytes, true, SITE, FRAME);
}

/* What does not return leaves its frames as they are; nothing uses them again before a reset. */
void kasan_no_return(void)
{
}

/* Stack of variable size is refused in the kernel (stack.depth), so there is nothing to close. */
void kasan_alloca_poison(uint64_t address, size_t bytes)
{
    (void)address;
    (void)bytes;
}

void kasan_alloca_unpoison(uint64_t top, uint64_t bottom)
{
    (void)top;
    (void)bottom;
}

/* Shadow bytes of a frame: the compiler has computed their address. */
#define SET_SHADOW(name, value)                                                                    \
    void kasan_set_shadow_##name(uint8_t *shadow,                                                  \
                                 size_t bytes) __asm__("__asan_set_shadow_" #name);                \
    void kasan_set_shadow_##name(uint8_t *shadow, size_t bytes)                                    \
    {                                                                                              \
        for (size_t i = 0; i < bytes; i++)                                                         \
            shadow[i] = (value);                                                                   \
    }

SET_SHADOW(00, 0)
SET_SHADOW(f1, KASAN_STACK_BEFORE)
SET_SHADOW(f2, KASAN_STACK_BETWEEN)
SET_SHADOW(f3, KASAN_STACK_BEHIND)
SET_SHADOW(f8, KASAN_OUT_OF_SCOPE)
