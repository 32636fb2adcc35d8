/* SPDX-License-Identifier: MIT
 *
 * A finding in words: what kind, which access, which object.
 */
#include "base/compiler.h"
#include "hw/paging.h"
#include "kernel/arch/x86_64/exception.h"
#include "kernel/arch/x86_64/panic.h"
#include "kernel/core/format.h"
#include "kernel/sanitize/kasan_runtime.h"
#include "kernel/sanitize/kasan_words.h"

#define OBJECT_MAX_BYTES  0x10000 /* how far an object's ends are searched for */
#define OBJECT_TEXT_BYTES 160
#define PLACE_TEXT_BYTES  32
#define FINDING_BYTES     320

/* What the compiler writes at the lower end of a frame with variables. */
#define FRAME_MAGIC        0x41B58AB3
#define FRAME_MAGIC_OFF    0 /* words from the frame's first */
#define FRAME_TEXT_OFF     1
#define FRAME_SEARCH_BYTES 0x4000

static size_t describe_object(uint64_t bad, const char *what, const char *name, int name_bytes,
                              struct kasan_run object, char *text, size_t size)
{
    char place[PLACE_TEXT_BYTES];
    kasan_words_place(bad, object.first, object.bytes, place, sizeof(place));
    return format_string(text, size, "%s %s%s%.*s of %llu bytes", place, what,
                         name_bytes > 0 ? " " : "", name_bytes, name,
                         (unsigned long long)object.bytes);
}

static size_t describe_global(uint64_t bad, char *text, size_t size)
{
    struct kasan_variable_place global;
    if (!kasan_globals_find(bad, &global))
        return 0;
    return describe_object(bad, "the variable", global.name, OBJECT_TEXT_BYTES / 2,
                           (struct kasan_run){ global.first, global.bytes }, text, size);
}

/* The frame a stack address lies in begins with the marks of its lower end. */
static size_t describe_local(const struct kasan_shadow *area, uint64_t bad, char *text, size_t size)
{
    struct kasan_variable variable;
    uint64_t at = bad & ~(uint64_t)(KASAN_GRANULE - 1);
    const uint64_t floor =
        at - area->first > FRAME_SEARCH_BYTES ? at - FRAME_SEARCH_BYTES : area->first;
    while (at > floor && *(const uint64_t *)at != FRAME_MAGIC)
        at -= KASAN_GRANULE;
    const uint64_t *const frame = (const uint64_t *)at;
    if (frame[FRAME_MAGIC_OFF] != FRAME_MAGIC ||
        !kasan_words_variable((const char *)frame[FRAME_TEXT_OFF], bad - at, &variable))
        return 0;
    return describe_object(bad, "the local variable", variable.name, (int)variable.name_bytes,
                           (struct kasan_run){ at + variable.offset, variable.bytes }, text, size);
}

static size_t describe_block(const struct kasan_shadow *area, uint64_t bad, char *text, size_t size)
{
    const struct kasan_run block = kasan_shadow_open_below(area, bad, OBJECT_MAX_BYTES);
    return block.bytes == 0 ? 0 : describe_object(bad, "a block", "", 0, block, text, size);
}

static size_t describe_freed(const struct kasan_shadow *area, uint64_t bad, char *text, size_t size)
{
    const struct kasan_run block = kasan_shadow_marked(area, bad, OBJECT_MAX_BYTES);
    return describe_object(bad, "a freed block", "", 0, block, text, size);
}

static size_t describe_frame(uint64_t bad, char *text, size_t size)
{
    const struct kasan_run frame = { bad & ~(uint64_t)(PAGE_BYTES - 1), PAGE_BYTES };
    return describe_object(bad, "a frame", "", 0, frame, text, size);
}

static size_t describe_any(const struct kasan_shadow *area, uint64_t bad, uint8_t why, char *text,
                           size_t size)
{
    switch (why) {
    case KASAN_GLOBAL:
        return describe_global(bad, text, size);
    case KASAN_STACK_BEFORE:
    case KASAN_STACK_BETWEEN:
    case KASAN_STACK_BEHIND:
    case KASAN_OUT_OF_SCOPE:
        return describe_local(area, bad, text, size);
    case KASAN_HEAP:
        return describe_block(area, bad, text, size);
    case KASAN_HEAP_FREE:
        return describe_freed(area, bad, text, size);
    case KASAN_FRAME_FREE:
        return describe_frame(bad, text, size);
    default:
        return 0;
    }
}

size_t kasan_describe(const struct kasan_finding *finding, char *text, size_t size)
{
    char object[OBJECT_TEXT_BYTES];
    const struct kasan_shadow *const area = kasan_find_area(finding->bad, 1);
    const uint8_t why = area != NULL ? kasan_shadow_why(area, finding->bad) : 0;
    const char *kind = area != NULL ? kasan_words_kind(why) : "null pointer";
    const bool known =
        area != NULL && describe_any(area, finding->bad, why, object, sizeof(object)) > 0;
    return format_string(text, size, "%s: %s of %llu byte%s at 0x%llx%s%s", kind,
                         finding->write ? "write" : "read", (unsigned long long)finding->bytes,
                         finding->bytes == 1 ? "" : "s", (unsigned long long)finding->address,
                         known ? ", " : "", known ? object : "");
}

void kasan_report(const struct kasan_finding *finding)
{
    char text[FINDING_BYTES];
    struct exception_frame frame;
    exception_frame_capture(&frame);
    frame.rip = finding->site - 1; /* in the call, which may be its function's last instruction */
    frame.rbp = finding->frame;
    kasan_describe(finding, text, sizeof(text));
    panic_at(&frame, "KASAN: %s", text);
}
