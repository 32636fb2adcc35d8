/* SPDX-License-Identifier: MIT
 *
 * Global variables: the compiler puts room behind each and tells of them in one
 * constructor a file; the room is closed here.
 * Spec: LLVM 14, compiler-rt, asan_interface_internal.h: struct __asan_global.
 */
#include "base/compiler.h"
#include "kernel/sanitize/kasan_runtime.h"

/* Labels of kernel.ld. */
extern void (*const kernel_constructors_first[])(void);
extern void (*const kernel_constructors_end[])(void);

struct global {
    uint64_t first;
    uint64_t bytes;
    uint64_t bytes_with_room;
    const char *name;
    const char *file;
    uint64_t has_constructor;
    const void *location;
    uint64_t indicator;
};
ASSERT_SIZE(struct global, 64);

#define FILES_MAX 512

/* What each file told. */
static struct {
    const struct global *globals;
    uint64_t count;
} files[FILES_MAX];
static unsigned file_count;

void kasan_register_globals(const struct global *globals,
                            uint64_t count) __asm__("__asan_register_globals");
void kasan_unregister_globals(const struct global *globals,
                              uint64_t count) __asm__("__asan_unregister_globals");

void kasan_register_globals(const struct global *globals, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        const struct global *global = &globals[i];
        const struct kasan_shadow *area = kasan_find_area(global->first, global->bytes_with_room);
        if (area == NULL)
            continue;
        kasan_shadow_poison(area, global->first, global->bytes_with_room, KASAN_GLOBAL);
        kasan_shadow_unpoison(area, global->first, global->bytes);
    }
    if (file_count < FILES_MAX) {
        files[file_count].globals = globals;
        files[file_count++].count = count;
    }
}

/* Destructors are never run. */
void kasan_unregister_globals(const struct global *globals, uint64_t count)
{
    (void)globals;
    (void)count;
}

void kasan_globals_begin(void)
{
    for (void (*const *next)(void) = kernel_constructors_first; next < kernel_constructors_end;
         next++)
        (*next)();
}

bool kasan_globals_find(uint64_t address, struct kasan_variable_place *place)
{
    for (unsigned file = 0; file < file_count; file++) {
        for (uint64_t i = 0; i < files[file].count; i++) {
            const struct global *global = &files[file].globals[i];
            if (address < global->first || address - global->first >= global->bytes_with_room)
                continue;
            *place = (struct kasan_variable_place){ global->first, global->bytes, global->name };
            return true;
        }
    }
    return false;
}
