/* SPDX-License-Identifier: MIT
 *
 * Ordered sets by a number: balanced binary trees (AVL) whose links lie inside
 * the members, so that nothing is allocated. Every verb takes a number of steps
 * that grows with the logarithm of the members. For what is found by its first
 * address, or comes due at a time. Equal keys are allowed and keep the order in
 * which they came.
 * Spec: Adelson-Velsky and Landis, "An algorithm for the organization of
 * information" (1962).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum tree_side { TREE_LEFT, TREE_RIGHT };

/* Only the tree writes these; all 0 in no tree. */
struct tree_node {
    uint64_t key;
    struct tree_node *parent;
    struct tree_node *children[2]; /* by enum tree_side: lower keys, higher or equal ones */
    unsigned height;               /* 1 without children */
};

struct tree {
    struct tree_node *root;
};

void tree_begin(struct tree *tree);

bool tree_is_empty(const struct tree *tree);
bool tree_node_is_linked(const struct tree_node *node);

/* The node must be in no tree, and goes behind all of the same key. */
void tree_insert(struct tree *tree, struct tree_node *node, uint64_t key);

/* The node must be in this tree. */
void tree_remove(struct tree *tree, struct tree_node *node);

/* NULL where there is none: the first with that key; with that or a higher one. */
struct tree_node *tree_find(const struct tree *tree, uint64_t key);
struct tree_node *tree_find_from(const struct tree *tree, uint64_t key);

/* The last with that or a lower key: the one whose range may hold an address. */
struct tree_node *tree_find_up_to(const struct tree *tree, uint64_t key);

/* Walks in the order of the keys; NULL behind the end. */
struct tree_node *tree_first(const struct tree *tree);
struct tree_node *tree_last(const struct tree *tree);
struct tree_node *tree_next(const struct tree_node *node);
struct tree_node *tree_previous(const struct tree_node *node);

/* Links, heights, balance and order: all as they must be? For tests and audits. */
bool tree_is_whole(const struct tree *tree);
