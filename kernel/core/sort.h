/* SPDX-License-Identifier: MIT
 *
 * Sorting an array in place: heapsort, so the worst case costs as the others do,
 * n log n, and no memory is needed. Equal elements may change places.
 */
#pragma once

#include <stddef.h>

/* Below, equal to or above 0, as `left` is to `right`. */
typedef int sort_compare(const void *left, const void *right, void *context);

void sort_elements(void *elements, size_t count, size_t element_bytes, sort_compare *compare,
                   void *context);
