/* SPDX-License-Identifier: MIT
 *
 * Linking and unlinking in a ring: with a node at the ends there is no special
 * case for the first or the last.
 */
#include "kernel/core/list.h"

static void link_between(struct list_node *previous, struct list_node *node, struct list_node *next)
{
    *node = (struct list_node){ .previous = previous, .next = next };
    previous->next = node;
    next->previous = node;
}

/* A member, or NULL for the node at the ends. */
static struct list_node *member(const struct list *list, struct list_node *node)
{
    return node == &list->ends ? NULL : node;
}

void list_begin(struct list *list)
{
    list->ends = (struct list_node){ .previous = &list->ends, .next = &list->ends };
}

bool list_is_empty(const struct list *list)
{
    return list->ends.next == &list->ends;
}

bool list_node_is_linked(const struct list_node *node)
{
    return node->next != NULL;
}

void list_push_first(struct list *list, struct list_node *node)
{
    link_between(&list->ends, node, list->ends.next);
}

void list_push_last(struct list *list, struct list_node *node)
{
    link_between(list->ends.previous, node, &list->ends);
}

void list_insert_before(struct list_node *place, struct list_node *node)
{
    link_between(place->previous, node, place);
}

void list_insert_after(struct list_node *place, struct list_node *node)
{
    link_between(place, node, place->next);
}

void list_remove(struct list_node *node)
{
    node->previous->next = node->next;
    node->next->previous = node->previous;
    *node = (struct list_node){ .previous = NULL, .next = NULL };
}

struct list_node *list_pop_first(struct list *list)
{
    struct list_node *const node = list_first(list);
    if (node != NULL)
        list_remove(node);
    return node;
}

struct list_node *list_pop_last(struct list *list)
{
    struct list_node *const node = list_last(list);
    if (node != NULL)
        list_remove(node);
    return node;
}

void list_append(struct list *list, struct list *other)
{
    if (list_is_empty(other))
        return;
    other->ends.next->previous = list->ends.previous;
    list->ends.previous->next = other->ends.next;
    other->ends.previous->next = &list->ends;
    list->ends.previous = other->ends.previous;
    list_begin(other);
}

struct list_node *list_first(const struct list *list)
{
    return member(list, list->ends.next);
}

struct list_node *list_last(const struct list *list)
{
    return member(list, list->ends.previous);
}

struct list_node *list_next(const struct list *list, const struct list_node *node)
{
    return member(list, node->next);
}

struct list_node *list_previous(const struct list *list, const struct list_node *node)
{
    return member(list, node->previous);
}

size_t list_count(const struct list *list)
{
    size_t count = 0;
    for (const struct list_node *node = list->ends.next; node != &list->ends; node = node->next)
        count++;
    return count;
}

bool list_is_whole(const struct list *list, size_t limit)
{
    const struct list_node *node = &list->ends;
    for (size_t links = 0; links <= limit; links++) {
        if (node->next == NULL || node->next->previous != node)
            return false;
        node = node->next;
        if (node == &list->ends)
            return true;
    }
    return false;
}
