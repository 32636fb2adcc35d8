/* SPDX-License-Identifier: MIT
 *
 * A step is a verb, a slot and a number. After each the heap must have said what
 * the list says; a block's content is looked at when it is freed.
 */
#include "tests/fuzz/heap_model.h"

#include <string.h>

#include "base/bytes.h"
#include "kernel/alloc/checked.h"

#define SLOTS           64
#define ALIGNMENT_SHIFT 13 /* 1 to 4096 */
#define BYTES_LARGE     0x8000
#define BYTES_SMALL     300
#define BY              1

struct live {
    uint8_t *block;
    size_t bytes;
    size_t alignment;
    uint8_t seed;
};

struct model {
    unsigned kind;
    struct claims claims;
    struct proof_heap *heap;
    struct checked checked;
    struct live slots[SLOTS];
};

static void *take(struct model *model, size_t bytes, size_t alignment)
{
    struct checked_finding finding;
    if (model->kind == HEAP_MODEL_CHECKED)
        return checked_allocate(&model->checked, bytes, alignment, BY, &finding);
    return model->heap->allocator.allocate(model->heap->allocator.state, bytes, alignment);
}

static enum allocator_status give(struct model *model, void *block, size_t bytes, size_t alignment)
{
    static const enum allocator_status statuses[] = {
        [CHECKED_OK] = ALLOCATOR_OK,           [CHECKED_FOREIGN] = ALLOCATOR_E_FOREIGN,
        [CHECKED_MIDDLE] = ALLOCATOR_E_MIDDLE, [CHECKED_TWICE] = ALLOCATOR_E_FREE,
        [CHECKED_RECORD] = ALLOCATOR_E_MIDDLE,
    };
    struct checked_finding finding;
    if (model->kind == HEAP_MODEL_CHECKED)
        return statuses[checked_free(&model->checked, block, BY, &finding)];
    return model->heap->allocator.free(model->heap->allocator.state, block, bytes, alignment);
}

static const char *check_new(const struct model *model, const struct live *new)
{
    const size_t offset = (size_t)(new->block - model->heap->memory);
    if (offset > PROOF_HEAP_BYTES || new->bytes > PROOF_HEAP_BYTES - offset)
        return "a block lies in the heap's memory";
    if ((uintptr_t) new->block % new->alignment != 0)
        return "a block is aligned";
    for (unsigned i = 0; i < SLOTS; i++) {
        const struct live *const other = &model->slots[i];
        if (other->block != NULL && other != new &&
            other->block < new->block + new->bytes &&new->block < other->block + other->bytes)
            return "no block lies in another";
    }
    return NULL;
}

static const char *step_take(struct model *model, struct live *live, size_t bytes, size_t alignment)
{
    *live = (struct live){ .bytes = bytes, .alignment = alignment, .seed = (uint8_t)bytes };
    live->block = take(model, bytes, alignment);
    if (live->block == NULL)
        return NULL;
    const char *const wrong = check_new(model, live);
    if (wrong == NULL)
        memset(live->block, live->seed, bytes);
    return wrong;
}

static const char *step_give(struct model *model, struct live *live)
{
    uint8_t *const block = live->block;
    if (live->bytes > 0 &&
        (block[0] != live->seed || memcmp(block, block + 1, live->bytes - 1) != 0))
        return "a block keeps its content";
    live->block = NULL;
    if (give(model, block, live->bytes, live->alignment) != ALLOCATOR_OK)
        return "a live block can be freed";
    /* At once once more: every design but bump's finds that. */
    if (model->kind != PROOF_BUMP &&
        give(model, block, live->bytes, live->alignment) == ALLOCATOR_OK)
        return "a block is not freed twice";
    return NULL;
}

/* Any address at all, unless it happens to be a block. */
static const char *step_wrong(struct model *model, size_t offset)
{
    uint8_t *const address = model->claims.arena + offset % model->claims.arena_bytes;
    for (unsigned i = 0; i < SLOTS; i++) {
        if (model->slots[i].block == address)
            return NULL;
    }
    return give(model, address, 1, 1) != ALLOCATOR_OK ? NULL
                                                      : "no block is freed that was not given";
}

/* A byte beside a block is written, found, and put back. */
static const char *step_break(struct model *model, const struct live *live, size_t number)
{
    struct checked_finding finding;
    const bool behind = number % 2 != 0;
    const size_t distance = number / 2 % CHECKED_ZONE_BYTES;
    uint8_t *const byte =
        behind ? live->block + live->bytes + distance : live->block - 1 - distance;
    const enum checked_fault expected = behind ? CHECKED_OVERFLOW : CHECKED_UNDERFLOW;
    const uint8_t kept = *byte;
    *byte = (uint8_t)(kept + 1 + number % UINT8_MAX);
    const bool found = checked_check(&model->checked, &finding) == expected &&
                       finding.address == (uintptr_t)live->block &&
                       finding.offset == byte - live->block;
    *byte = kept;
    return found && checked_check(&model->checked, &finding) == CHECKED_OK
               ? NULL
               : "a byte written beside a block is found, and only that";
}

enum verb { TAKE, TAKE_LARGE, TAKE_ALIGNED, WRONG, BREAK, TRIM, VERBS };

static const char *run_step(struct model *model, const uint8_t *step)
{
    struct live *const live = &model->slots[step[1] % SLOTS];
    const size_t number = load_le16(step + 2);
    const enum verb verb = step[0] % VERBS;
    const bool finds_wrong = model->kind >= PROOF_SLAB;
    if (verb == WRONG)
        return finds_wrong ? step_wrong(model, number * 2 + step[1] % 2) : NULL;
    if (verb == TRIM && model->kind != HEAP_MODEL_CHECKED) {
        if (model->heap->allocator.trim != NULL)
            model->heap->allocator.trim(model->heap->allocator.state);
        return NULL;
    }
    if (live->block != NULL)
        return verb == BREAK && model->kind == HEAP_MODEL_CHECKED ? step_break(model, live, number)
                                                                  : step_give(model, live);
    if (verb == TAKE_LARGE)
        return step_take(model, live, number % BYTES_LARGE, ALLOCATOR_ALIGNMENT);
    const size_t alignment = verb == TAKE_ALIGNED
                                 ? (size_t)1 << (number / BYTES_SMALL % ALIGNMENT_SHIFT)
                                 : ALLOCATOR_ALIGNMENT;
    return step_take(model, live, number % BYTES_SMALL, alignment);
}

/* In the end everything comes back. */
static const char *finish(struct model *model)
{
    struct checked_finding finding;
    for (unsigned i = 0; i < SLOTS; i++) {
        const char *const wrong =
            model->slots[i].block != NULL ? step_give(model, &model->slots[i]) : NULL;
        if (wrong != NULL)
            return wrong;
    }
    const struct allocator *const allocator = &model->heap->allocator;
    if (model->kind == HEAP_MODEL_CHECKED && checked_flush(&model->checked, &finding) != CHECKED_OK)
        return "the quarantine is whole";
    if (allocator->trim != NULL)
        allocator->trim(allocator->state);
    if (model->heap->pages.wrong)
        return "each page comes back once";
    return allocator->held(allocator->state) == 0 ? NULL : "all memory comes back";
}

static uint8_t arena[CLAIMS_ARENA_BYTES] ALIGNED(CLAIMS_ARENA_ALIGNMENT);

const char *heap_model_run(unsigned kind, const uint8_t *program, size_t bytes)
{
    struct model model = { .kind = kind };
    model.claims.arena = arena;
    model.claims.arena_bytes = sizeof(arena);
    memset(arena, 0, sizeof(arena));
    model.heap = proof_heap_begin(&model.claims, kind == HEAP_MODEL_CHECKED ? PROOF_SLAB : kind);
    checked_begin(&model.checked, &model.heap->slab);
    const char *wrong = NULL;
    for (size_t at = 0; wrong == NULL && bytes - at >= HEAP_MODEL_STEP_BYTES;
         at += HEAP_MODEL_STEP_BYTES)
        wrong = run_step(&model, program + at);
    if (wrong == NULL)
        wrong = finish(&model);
    return wrong;
}
