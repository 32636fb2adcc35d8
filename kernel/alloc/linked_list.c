/* SPDX-License-Identifier: MIT
 *
 * Every block and every hole starts at a multiple of a hole's own length and is
 * as many of them long: whatever is cut off a hole can be a hole.
 */
#include "kernel/alloc/linked_list.h"

#define UNIT sizeof(struct linked_list_hole)

_Static_assert((UNIT & (UNIT - 1)) == 0, "a hole's header is a power of two long");

void linked_list_begin(struct linked_list *list, void *first, size_t bytes)
{
    const size_t pad = allocator_padding((uintptr_t)first, UNIT);
    *list = (struct linked_list){ .first = (uint8_t *)first + pad };
    if (pad > bytes || bytes - pad < UNIT)
        return;
    list->bytes = (bytes - pad) / UNIT * UNIT;
    struct linked_list_hole *const hole = (struct linked_list_hole *)list->first;
    *hole = (struct linked_list_hole){ .bytes = list->bytes, .next = NULL };
    list->holes.next = hole;
}

/* Bytes that a block of this many takes; false: more than there can be. */
static bool taken_bytes(size_t bytes, size_t *taken)
{
    return allocator_round_up_checked(bytes > 0 ? bytes : 1, UNIT, taken);
}

static struct linked_list_hole *hole_at(struct linked_list_hole *hole, size_t offset)
{
    return (struct linked_list_hole *)((uint8_t *)hole + offset);
}

/* Cut `taken` bytes, `pad` bytes into the hole behind `before`. */
static void *cut(struct linked_list_hole *before, size_t pad, size_t taken)
{
    struct linked_list_hole *const hole = before->next;
    struct linked_list_hole *const block = hole_at(hole, pad);
    const size_t rest = hole->bytes - pad - taken;
    struct linked_list_hole *behind = hole->next;
    if (rest > 0) {
        struct linked_list_hole *const tail = hole_at(block, taken);
        *tail = (struct linked_list_hole){ .bytes = rest, .next = behind };
        behind = tail;
    }
    if (pad > 0) {
        hole->bytes = pad;
        hole->next = behind;
    } else {
        before->next = behind;
    }
    return block;
}

void *linked_list_allocate(struct linked_list *list, size_t bytes, size_t alignment)
{
    size_t taken;
    if (!taken_bytes(bytes, &taken))
        return NULL;
    for (struct linked_list_hole *before = &list->holes; before->next != NULL;
         before = before->next) {
        const size_t pad = allocator_padding((uintptr_t)before->next, alignment);
        const size_t room = before->next->bytes;
        if (pad <= room && taken <= room - pad)
            return cut(before, pad, taken);
    }
    return NULL;
}

/* The bytes of a hole or block and the hole behind it become one hole, if they touch. */
static void join(struct linked_list_hole *hole)
{
    struct linked_list_hole *const behind = hole->next;
    if (behind == NULL || hole_at(hole, hole->bytes) != behind)
        return;
    hole->bytes += behind->bytes;
    hole->next = behind->next;
}

enum allocator_status linked_list_free(struct linked_list *list, void *block, size_t bytes)
{
    const size_t offset = (uintptr_t)block - (uintptr_t)list->first;
    size_t taken;
    if (!taken_bytes(bytes, &taken) || offset >= list->bytes || taken > list->bytes - offset)
        return ALLOCATOR_E_FOREIGN;
    if (offset % UNIT != 0)
        return ALLOCATOR_E_MIDDLE;
    struct linked_list_hole *before = &list->holes;
    while (before->next != NULL && (uint8_t *)before->next <= (uint8_t *)block)
        before = before->next;
    const bool has_before = before != &list->holes;
    if (has_before && (uint8_t *)before + before->bytes > (uint8_t *)block)
        return ALLOCATOR_E_FREE;
    if (before->next != NULL && (uint8_t *)block + taken > (uint8_t *)before->next)
        return ALLOCATOR_E_FREE;

    struct linked_list_hole *const hole = block;
    *hole = (struct linked_list_hole){ .bytes = taken, .next = before->next };
    before->next = hole;
    join(hole);
    if (has_before)
        join(before);
    return ALLOCATOR_OK;
}

size_t linked_list_held(const struct linked_list *list)
{
    const struct linked_list_hole *last = list->holes.next;
    if (last == NULL)
        return list->bytes;
    while (last->next != NULL)
        last = last->next;
    const size_t offset = (size_t)((const uint8_t *)last - list->first);
    return offset + last->bytes == list->bytes ? offset : list->bytes;
}

static void *allocate(void *state, size_t bytes, size_t alignment)
{
    return linked_list_allocate(state, bytes, alignment);
}

static enum allocator_status free_block(void *state, void *block, size_t bytes, size_t alignment)
{
    (void)alignment;
    return linked_list_free(state, block, bytes);
}

static size_t held(const void *state)
{
    return linked_list_held(state);
}

struct allocator linked_list_allocator(struct linked_list *list)
{
    return (struct allocator){
        .name = "linked-list", .state = list, .allocate = allocate, .free = free_block, .held = held
    };
}
