/* SPDX-License-Identifier: MIT
 *
 * Every kind of wrong access, made on purpose while findings are caught: that the
 * KASAN build sees it, calls it by its name and knows the object; and that it is
 * silent about what is right. In other builds nothing looks, so these are skipped.
 */
#include "base/compiler.h"
#include "base/poison.h"
#include "kernel/arch/x86_64/attempt.h"
#include "kernel/arch/x86_64/direct_map.h"
#include "kernel/arch/x86_64/virtual_room.h"
#include "kernel/core/string.h"
#include "kernel/mm/fail.h"
#include "kernel/mm/frames.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kasan_room.h"
#include "kernel/mm/region.h"
#include "kernel/sanitize/kasan.h"
#include "kernel/selftest/provoke.h"
#include "kernel/selftest/selftest.h"

#define ODD_BYTES    13 /* no whole number of granules */
#define LARGER_BYTES 130
#define LINE_BYTES   320
#define REGION_BYTES 0x20000

/* A KASAN test: its body runs with *finding waiting for the first wrong access. */
#define KASAN_TEST(identifier, dotted_name)                                                        \
    static void kasan_body_##identifier(struct kasan_finding *finding);                            \
    SELFTEST(identifier, dotted_name)                                                              \
    {                                                                                              \
        struct kasan_finding finding;                                                              \
        if (!kasan_is_on()) {                                                                      \
            CLAIM_SKIP("only the KASAN build checks accesses (cmake --preset kasan)");             \
            return;                                                                                \
        }                                                                                          \
        kasan_catch(&finding);                                                                     \
        kasan_body_##identifier(&finding);                                                         \
        kasan_catch(NULL);                                                                         \
    }                                                                                              \
    static void kasan_body_##identifier(struct kasan_finding *finding)

/* The compiler must not see what these are asked to do. */
static NEVER_INLINE uint8_t read_at(const void *object, size_t offset)
{
    return ((const volatile uint8_t *)object)[offset];
}

static NEVER_INLINE void write_at(void *object, size_t offset)
{
    ((volatile uint8_t *)object)[offset] = 0;
}

static NEVER_INLINE uint64_t read_word_at(const void *object, size_t offset)
{
    return *(const volatile uint64_t *)(const void *)((const uint8_t *)object + offset);
}

static bool contains(const char *text, const char *part)
{
    for (; *text != '\0'; text++) {
        if (string_starts_with(text, part))
            return true;
    }
    return false;
}

/* The finding's line has these words; then wait for the next. */
static void expect(struct kasan_finding *finding, const char *kind, const char *object)
{
    char line[LINE_BYTES] = "";
    CLAIM(finding->bytes > 0);
    if (finding->bytes > 0)
        kasan_describe(finding, line, sizeof(line));
    if (!CLAIM(string_starts_with(line, kind) && contains(line, object)))
        format_to(claims->out, "#   it says: %s\n", line);
    kasan_catch(finding);
}

static void expect_silence(const struct kasan_finding *finding)
{
    CLAIM_EQUAL(finding->bytes, 0);
}

static uint8_t odd_global[ODD_BYTES];

KASAN_TEST(kasan_global, "kasan.global-out-of-bounds")
{
    read_at(odd_global, ODD_BYTES - 1);
    expect_silence(finding);
    read_at(odd_global, ODD_BYTES);
    CLAIM_EQUAL(finding->bad, (uint64_t)odd_global + ODD_BYTES);
    CLAIM(!finding->write);
    expect(finding, "global out of bounds: read of 1 byte at ",
           "right behind the variable odd_global of 13 bytes");
}

KASAN_TEST(kasan_write, "kasan.write-is-said")
{
    write_at(odd_global, ODD_BYTES + 1);
    CLAIM(finding->write);
    expect(finding, "global out of bounds: write of 1 byte at ", "1 bytes behind the variable");
}

/* A wide access that begins right: the first byte beyond is named. */
KASAN_TEST(kasan_wide, "kasan.wide-access-half-in")
{
    read_word_at(odd_global, 0);
    expect_silence(finding);
    read_word_at(odd_global, ODD_BYTES - 5);
    CLAIM_EQUAL(finding->address, (uint64_t)odd_global + ODD_BYTES - 5);
    CLAIM_EQUAL(finding->bad, (uint64_t)odd_global + ODD_BYTES);
    expect(finding, "global out of bounds: read of 8 bytes at ", "right behind");
}

static NEVER_INLINE void overrun_local(size_t offset)
{
    uint8_t narrow[ODD_BYTES];
    memset(narrow, 0, sizeof(narrow));
    read_at(narrow, offset);
}

KASAN_TEST(kasan_stack, "kasan.stack-out-of-bounds")
{
    overrun_local(ODD_BYTES - 1);
    expect_silence(finding);
    overrun_local(ODD_BYTES);
    CLAIM(finding->bytes > 0);
    expect(finding, "stack out of bounds: read of 1 byte at ", "");
}

/* While the frame is there, the variable is known by its name. */
KASAN_TEST(kasan_stack_name, "kasan.stack-variable-named")
{
    uint8_t named_local[ODD_BYTES];
    memset(named_local, 0, sizeof(named_local));
    read_at(named_local, ODD_BYTES);
    expect(finding,
           "stack out of bounds: ", "right behind the local variable named_local of 13 bytes");
}

KASAN_TEST(kasan_before, "kasan.before-a-local")
{
    uint8_t named_local[ODD_BYTES];
    memset(named_local, 0, sizeof(named_local));
    read_at(named_local - 1, 0);
    expect(finding, "stack out of bounds: ", "1 bytes before the local variable named_local");
}

KASAN_TEST(kasan_scope, "kasan.use-after-scope")
{
    volatile uint8_t *volatile left = NULL;
    {
        volatile uint8_t inner[ODD_BYTES];
        inner[0] = 1;
        left = inner;
        expect_silence(finding);
    }
    (void)*left;
    expect(finding, "use after scope: read of 1 byte at ", "byte 0 of the local variable inner");
}

KASAN_TEST(kasan_null, "kasan.null-pointer")
{
    const struct kasan_finding null = { .address = 8, .bad = 8, .bytes = 4 };
    char line[LINE_BYTES];
    kasan_describe(&null, line, sizeof(line));
    CLAIM(string_equals(line, "null pointer: read of 4 bytes at 0x8"));
    expect_silence(finding);
}

KASAN_TEST(kasan_memset, "kasan.memset-overrun")
{
    memset(odd_global, 0, *(const volatile size_t *)&(size_t){ ODD_BYTES });
    expect_silence(finding);
    memset(odd_global, 0, *(const volatile size_t *)&(size_t){ ODD_BYTES + 1 });
    CLAIM_EQUAL(finding->bytes, ODD_BYTES + 1);
    expect(finding, "global out of bounds: write of 14 bytes", "right behind");
}

KASAN_TEST(kasan_memcpy, "kasan.memcpy-overrun")
{
    uint8_t room[2 * ODD_BYTES];
    memcpy(room, odd_global, *(const volatile size_t *)&(size_t){ ODD_BYTES });
    expect_silence(finding);
    memcpy(room, odd_global, *(const volatile size_t *)&(size_t){ ODD_BYTES + 1 });
    CLAIM(!finding->write);
    expect(finding, "global out of bounds: read of 14 bytes", "right behind");
    memcpy(odd_global, room, *(const volatile size_t *)&(size_t){ ODD_BYTES + 2 });
    CLAIM(finding->write);
    expect(finding, "global out of bounds: write of 15 bytes", "right behind");
}

KASAN_TEST(kasan_memmove, "kasan.memmove-overrun")
{
    memmove(odd_global, odd_global + 1, *(const volatile size_t *)&(size_t){ ODD_BYTES });
    CLAIM_EQUAL(finding->address, (uint64_t)odd_global + 1);
    expect(finding, "global out of bounds: read of 13 bytes", "right behind");
}

KASAN_TEST(kasan_memcmp, "kasan.memcmp-overrun")
{
    uint8_t room[2 * ODD_BYTES] = { 0 };
    CLAIM(memcmp(room + ODD_BYTES, room, ODD_BYTES) == 0);
    expect_silence(finding);
    (void)*(volatile int *)&(
        int){ memcmp(room, odd_global, *(const volatile size_t *)&(size_t){ ODD_BYTES + 3 }) };
    expect(finding, "global out of bounds: read of 16 bytes", "right behind");
}

KASAN_TEST(kasan_free_frame, "kasan.free-frame")
{
    const uint64_t phys = frames_allocate(0, FRAMES_ANY);
    uint8_t *const frame = direct_map_at(phys);
    if (!CLAIM(phys != 0))
        return;
    write_at(frame, FRAME_BYTES - 1);
    expect_silence(finding);
    frames_free(phys, 0);
    read_at(frame, FRAME_BYTES - 1);
    expect(finding, "use of a free frame: read of 1 byte at ",
           "byte 4095 of a frame of 4096 bytes");
}

/* The KASAN build's heap checks unless told otherwise. */
static uint8_t *allocate_odd(void)
{
    uint8_t *const block = heap_is_checked() ? heap_allocate(ODD_BYTES) : NULL;
    if (block == NULL)
        CLAIM_SKIP("only with memory=checked");
    return block;
}

KASAN_TEST(kasan_heap, "kasan.heap-out-of-bounds")
{
    uint8_t *const block = allocate_odd();
    if (block == NULL)
        return;
    memset(block, 0, *(const volatile size_t *)&(size_t){ ODD_BYTES });
    expect_silence(finding);
    write_at(block, ODD_BYTES);
    expect(finding, "heap out of bounds: write of 1 byte at ", "right behind a block of 13 bytes");
    block[ODD_BYTES] = POISON_HEAP_REDZONE; /* as the heap knows it */
    kasan_catch(finding);
    read_at(block - 1, 0);
    expect(finding, "heap out of bounds: read of 1 byte at ", "");
    heap_free(block);
    expect_silence(finding);
}

KASAN_TEST(kasan_heap_free, "kasan.use-after-free")
{
    uint8_t *const block = allocate_odd();
    if (block == NULL)
        return;
    heap_free(block);
    read_at(block, ODD_BYTES - 1);
    expect(finding, "use after free: read of 1 byte at ", "byte 12 of a freed block of 16 bytes");
}

/* A freed block is not given out again while there are newer ones in quarantine. */
KASAN_TEST(kasan_quarantine, "kasan.quarantine")
{
    uint8_t *const block = allocate_odd();
    if (block == NULL)
        return;
    heap_free(block);
    uint8_t *const next = heap_allocate(ODD_BYTES);
    CLAIM(next != block);
    read_at(block, 0);
    expect(finding, "use after free: ", "");
    heap_free(next);
    heap_trim();
    expect_silence(finding);
}

KASAN_TEST(kasan_heap_moved, "kasan.block-that-moved")
{
    uint8_t *const block = allocate_odd();
    if (block == NULL)
        return;
    uint8_t *const moved = heap_resize(block, LARGER_BYTES);
    if (!CLAIM(moved != NULL)) {
        heap_free(block);
        return;
    }
    read_at(moved, LARGER_BYTES - 1);
    expect_silence(finding);
    read_at(block, 0);
    expect(finding, "use after free: ", "byte 0 of a freed block");
    heap_free(moved);
}

KASAN_TEST(kasan_own, "kasan.closed-and-opened")
{
    static uint64_t words[8];
    kasan_poison(&words[2], 4 * sizeof(words[0]), KASAN_HEAP);
    read_at(words, sizeof(words[0]) * 2 - 1);
    read_at(words, sizeof(words[0]) * 6);
    expect_silence(finding);
    read_at(words, sizeof(words[0]) * 2);
    expect(finding, "heap out of bounds: ", "right behind a block of ");
    kasan_unpoison(&words[2], sizeof(words[0]) + 3);
    read_at(&words[3], 2);
    expect_silence(finding);
    read_at(&words[3], 3);
    expect(finding, "heap out of bounds: ", "right behind a block of 27 bytes");
    kasan_unpoison(words, sizeof(words));
}

/*
 * More are made and freed than the room with a shadow holds, and the next one is still in it. A
 * sweep of so many allocations would take for ever: the test chooses that none of them fails.
 */
KASAN_TEST(kasan_regions, "kasan.regions-keep-to-the-shadow")
{
    const uint64_t room = kasan_room_regions_last() - REGION_FIRST + 1;
    fail_at(0);
    for (uint64_t made = 0; made <= room; made += REGION_BYTES) {
        void *const region = region_allocate(REGION_BYTES);
        if (!CLAIM(region != NULL) || !CLAIM((uint64_t)region <= kasan_room_regions_last()))
            return;
        region_free(region);
    }
    uint8_t *const region = region_allocate(REGION_BYTES);
    if (!CLAIM(region != NULL))
        return;
    kasan_poison(&region[ODD_BYTES + 3], 8, KASAN_HEAP);
    read_at(region, ODD_BYTES + 2);
    expect_silence(finding);
    read_at(region, ODD_BYTES + 3);
    expect(finding, "heap out of bounds: ", "right behind a block of ");
    kasan_unpoison(&region[ODD_BYTES + 3], 8);
    region_free(region);
}

static NEVER_INLINE void fault_deep_down(void *unused)
{
    uint8_t room[ODD_BYTES];
    (void)unused;
    memset(room, 0, sizeof(room));
    __asm__ volatile("ud2" : : "r"(room) : "memory");
}

/* Look at the stack that the next calls will use. */
static NEVER_INLINE void read_below(size_t bytes)
{
    const uint8_t *const frame = __builtin_frame_address(0);
    for (size_t offset = 1; offset <= bytes; offset++)
        read_at(frame - offset, 0);
}

/* What an attempt comes back past leaves nothing closed on the stack. */
KASAN_TEST(kasan_attempt, "kasan.stack-after-an-attempt")
{
    struct attempt attempt;
    CLAIM(!attempt_run(&attempt, fault_deep_down, NULL));
    read_below(LINE_BYTES);
    expect_silence(finding);
}

KASAN_TEST(kasan_first_only, "kasan.first-finding-is-kept")
{
    read_at(odd_global, ODD_BYTES);
    write_at(odd_global, ODD_BYTES + 2);
    CLAIM(!finding->write);
    CLAIM_EQUAL(finding->bad, (uint64_t)odd_global + ODD_BYTES);
}
