/* SPDX-License-Identifier: MIT
 *
 * Heapsort: the array is made a heap, in which no element is below its children
 * at 2i + 1 and 2i + 2; then the first, the greatest, goes to the end again and
 * again.
 * Spec: Williams, "Algorithm 232: Heapsort" (1964); Floyd, "Algorithm 245:
 * Treesort 3" (1964).
 */
#include "kernel/core/sort.h"

#include <stdint.h>

struct heap {
    uint8_t *elements;
    size_t count; /* those still in the heap */
    size_t element_bytes;
    sort_compare *compare;
    void *context;
};

static uint8_t *element(const struct heap *heap, size_t index)
{
    return heap->elements + index * heap->element_bytes;
}

static int compare(const struct heap *heap, size_t left, size_t right)
{
    return heap->compare(element(heap, left), element(heap, right), heap->context);
}

static void swap(const struct heap *heap, size_t left, size_t right)
{
    uint8_t *a = element(heap, left);
    uint8_t *b = element(heap, right);
    for (size_t bytes = heap->element_bytes; bytes != 0; bytes--) {
        const uint8_t kept = *a;
        *a++ = *b;
        *b++ = kept;
    }
}

/* Let an element sink below all greater ones. */
static void sink(const struct heap *heap, size_t index)
{
    while (index < heap->count / 2) { /* it has a child */
        size_t child = 2 * index + 1;
        if (child + 1 < heap->count && compare(heap, child, child + 1) < 0)
            child++;
        if (compare(heap, index, child) >= 0)
            return;
        swap(heap, index, child);
        index = child;
    }
}

void sort_elements(void *elements, size_t count, size_t element_bytes, sort_compare *compare,
                   void *context)
{
    struct heap heap = { .elements = elements,
                         .count = count,
                         .element_bytes = element_bytes,
                         .compare = compare,
                         .context = context };
    for (size_t index = count / 2; index != 0; index--)
        sink(&heap, index - 1);
    while (heap.count > 1) {
        heap.count--;
        swap(&heap, 0, heap.count);
        sink(&heap, 0);
    }
}
