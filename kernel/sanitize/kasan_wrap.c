/* SPDX-License-Identifier: MIT
 *
 * Calls that the linker leads through here (--wrap): the memory routines, which
 * are assembly and not instrumented, and what leaves frames behind.
 */
#include "base/compiler.h"
#include "kernel/arch/x86_64/exception.h"
#include "kernel/sanitize/kasan_runtime.h"

#define SITE  ((uint64_t)__builtin_return_address(0))
#define FRAME (*(const uint64_t *)__builtin_frame_address(0))

struct attempt;

void *__real_memcpy(void *to, const void *from, size_t bytes);
void *__real_memmove(void *to, const void *from, size_t bytes);
void *__real_memset(void *to, int value, size_t bytes);
int __real_memcmp(const void *left, const void *right, size_t bytes);
bool __real_attempt_call(struct attempt *attempt, void (*body)(void *argument), void *argument);
void __real_exception_dispatch(struct exception_frame *frame);

void *__wrap_memcpy(void *to, const void *from, size_t bytes);
void *__wrap_memmove(void *to, const void *from, size_t bytes);
void *__wrap_memset(void *to, int value, size_t bytes);
int __wrap_memcmp(const void *left, const void *right, size_t bytes);
bool __wrap_attempt_call(struct attempt *attempt, void (*body)(void *argument), void *argument);
void __wrap_exception_dispatch(struct exception_frame *frame);

void *__wrap_memcpy(void *to, const void *from, size_t bytes)
{
    kasan_check((uint64_t)from, bytes, false, SITE, FRAME);
    kasan_check((uint64_t)to, bytes, true, SITE, FRAME);
    return __real_memcpy(to, from, bytes);
}

void *__wrap_memmove(void *to, const void *from, size_t bytes)
{
    kasan_check((uint64_t)from, bytes, false, SITE, FRAME);
    kasan_check((uint64_t)to, bytes, true, SITE, FRAME);
    return __real_memmove(to, from, bytes);
}

void *__wrap_memset(void *to, int value, size_t bytes)
{
    kasan_check((uint64_t)to, bytes, true, SITE, FRAME);
    return __real_memset(to, value, bytes);
}

int __wrap_memcmp(const void *left, const void *right, size_t bytes)
{
    kasan_check((uint64_t)left, bytes, false, SITE, FRAME);
    kasan_check((uint64_t)right, bytes, false, SITE, FRAME);
    return __real_memcmp(left, right, bytes);
}

/* An attempt that failed comes back past the frames of what it called, also those on IST stacks. */
bool __wrap_attempt_call(struct attempt *attempt, void (*body)(void *argument), void *argument)
{
    const bool returned = __real_attempt_call(attempt, body, argument);
    if (!returned)
        kasan_forget_stacks((uint64_t)__builtin_frame_address(0));
    return returned;
}

/* A stack that an exception starts anew has the frames of what used it before, which is gone. */
void __wrap_exception_dispatch(struct exception_frame *frame)
{
    kasan_forget_stack((uint64_t)(frame + 1));
    __real_exception_dispatch(frame);
}
