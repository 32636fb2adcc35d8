/* SPDX-License-Identifier: MIT
 *
 * What the headers beside this one rest on: integers of fixed width, and layout
 * claims that the compiler checks. For C11, C++11 and later, hosted or not.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define COLDSTART_ASSERT static_assert
#else
#define COLDSTART_ASSERT _Static_assert
#endif

#define COLDSTART_ASSERT_SIZE(type, bytes)                                                         \
    COLDSTART_ASSERT(sizeof(type) == (bytes), #type " must be " #bytes " bytes")
#define COLDSTART_ASSERT_OFFSET(type, member, bytes)                                               \
    COLDSTART_ASSERT(offsetof(type, member) == (bytes), #type "." #member " must be at " #bytes)
