/* SPDX-License-Identifier: MIT
 *
 * The compiler's vocabulary: attributes under one name each, and the
 * compile-time assertions every layout rests on. The only header with #if.
 * Spec: GNU C attributes as documented by Clang 14.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define PACKED                   __attribute__((packed))
#define ALIGNED(bytes)           __attribute__((aligned(bytes)))
#define NORETURN                 __attribute__((noreturn))
#define MUST_CHECK               __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define SECTION(name)            __attribute__((section(name)))
#define USED                     __attribute__((used))
#define UNUSED                   __attribute__((unused))
#define ALWAYS_INLINE            inline __attribute__((always_inline))
#define MAY_ALIAS                __attribute__((may_alias))
#define NEVER_INLINE             __attribute__((noinline))

/* True whatever happens, though no tool can see why; a build with UBSan checks it. */
#define ASSUME(truth)                                                                              \
    do {                                                                                           \
        if (!(truth))                                                                              \
            __builtin_unreachable();                                                               \
    } while (0)

/* Length of a true array; a pointer does not compile where it would matter. */
#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The struct of which `pointer` is the member. */
#define CONTAINER(pointer, type, member)                                                           \
    ((type *)(void *)((uint8_t *)(uintptr_t)(pointer)-offsetof(type, member)))

/* Layout claims: every struct that leaves the program carries them. */
#define ASSERT_SIZE(type, bytes)                                                                   \
    _Static_assert(sizeof(type) == (bytes), #type " must be " #bytes " bytes")
#define ASSERT_OFFSET(type, member, bytes)                                                         \
    _Static_assert(offsetof(type, member) == (bytes), #type "." #member " must be at " #bytes)
