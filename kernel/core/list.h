/* SPDX-License-Identifier: MIT
 *
 * Doubly linked lists whose links lie inside the members (intrusive), so that
 * nothing is allocated and a member leaves its list without a search. A member
 * has one struct list_node for each list it may be in at a time; CONTAINER of
 * compiler.h leads from the node back to the member.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* In no list: both NULL, so that leaving a list twice faults at once. */
struct list_node {
    struct list_node *previous;
    struct list_node *next;
};

/* A ring through all members and this one node, which is in front of the first and behind the last. */
struct list {
    struct list_node ends;
};

void list_begin(struct list *list);

bool list_is_empty(const struct list *list);
bool list_node_is_linked(const struct list_node *node);

void list_push_first(struct list *list, struct list_node *node);
void list_push_last(struct list *list, struct list_node *node);

/* Put an unlinked node beside one that is in a list. */
void list_insert_before(struct list_node *place, struct list_node *node);
void list_insert_after(struct list_node *place, struct list_node *node);

/* Out of whatever list it is in; it must be in one. */
void list_remove(struct list_node *node);

/* The first or last node, and out of the list; NULL from an empty one. */
struct list_node *list_pop_first(struct list *list);
struct list_node *list_pop_last(struct list *list);

/* All of `other` behind the last of `list`, in its order; `other` is then empty. Cost: constant. */
void list_append(struct list *list, struct list *other);

/* For walks in either direction; NULL behind the end. Fetch the next before removing a node. */
struct list_node *list_first(const struct list *list);
struct list_node *list_last(const struct list *list);
struct list_node *list_next(const struct list *list, const struct list_node *node);
struct list_node *list_previous(const struct list *list, const struct list_node *node);

/* Cost: one step a member. */
size_t list_count(const struct list *list);

/* Do all links agree in both directions, and close within `limit` members? For tests and audits. */
bool list_is_whole(const struct list *list, size_t limit);
