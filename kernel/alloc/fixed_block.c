/* SPDX-License-Identifier: MIT
 *
 * The class of a request is found from its length and alignment alone, on both
 * ways, so that no block needs a header.
 */
#include "kernel/alloc/fixed_block.h"

void fixed_block_begin(struct fixed_block *blocks, void *first, size_t bytes)
{
    *blocks = (struct fixed_block){ .free = { NULL } };
    linked_list_begin(&blocks->rest, first, bytes);
}

static size_t class_bytes(unsigned class)
{
    return (size_t)1 << (class + FIXED_BLOCK_FIRST_SHIFT);
}

/* The smallest class for a request, or FIXED_BLOCK_CLASSES. */
static unsigned class_of(size_t bytes, size_t alignment)
{
    const size_t wanted = bytes > alignment ? bytes : alignment;
    unsigned class = 0;
    while (class < FIXED_BLOCK_CLASSES && class_bytes(class) < wanted)
        class ++;
    return class;
}

void *fixed_block_allocate(struct fixed_block *blocks, size_t bytes, size_t alignment)
{
    const unsigned class = class_of(bytes, alignment);
    if (class == FIXED_BLOCK_CLASSES)
        return linked_list_allocate(&blocks->rest, bytes, alignment);
    struct fixed_block_free *const block = blocks->free[class];
    if (block == NULL)
        return linked_list_allocate(&blocks->rest, class_bytes(class), class_bytes(class));
    blocks->free[class] = block->next;
    return block;
}

enum allocator_status fixed_block_free(struct fixed_block *blocks, void *block, size_t bytes,
                                       size_t alignment)
{
    const unsigned class = class_of(bytes, alignment);
    if (class == FIXED_BLOCK_CLASSES)
        return linked_list_free(&blocks->rest, block, bytes);
    const size_t offset = (uintptr_t)block - (uintptr_t)blocks->rest.first;
    if (offset >= blocks->rest.bytes)
        return ALLOCATOR_E_FOREIGN;
    if ((uintptr_t)block % class_bytes(class) != 0)
        return ALLOCATOR_E_MIDDLE;
    struct fixed_block_free *const freed = block;
    if (freed == blocks->free[class])
        return ALLOCATOR_E_FREE;
    freed->next = blocks->free[class];
    blocks->free[class] = freed;
    return ALLOCATOR_OK;
}

/* A block that the list refuses was freed twice; then it is in there already. */
void fixed_block_trim(struct fixed_block *blocks)
{
    for (unsigned class = 0; class < FIXED_BLOCK_CLASSES; class ++) {
        struct fixed_block_free *next = blocks->free[class];
        blocks->free[class] = NULL;
        while (next != NULL) {
            struct fixed_block_free *const block = next;
            next = block->next;
            (void)linked_list_free(&blocks->rest, block, class_bytes(class));
        }
    }
}

static void *allocate(void *state, size_t bytes, size_t alignment)
{
    return fixed_block_allocate(state, bytes, alignment);
}

static enum allocator_status free_block(void *state, void *block, size_t bytes, size_t alignment)
{
    return fixed_block_free(state, block, bytes, alignment);
}

static size_t held(const void *state)
{
    const struct fixed_block *const blocks = state;
    return linked_list_held(&blocks->rest);
}

static void trim(void *state)
{
    fixed_block_trim(state);
}

struct allocator fixed_block_allocator(struct fixed_block *blocks)
{
    return (struct allocator){ .name = "fixed-block",
                               .state = blocks,
                               .allocate = allocate,
                               .free = free_block,
                               .held = held,
                               .trim = trim };
}
