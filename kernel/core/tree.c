/* SPDX-License-Identifier: MIT
 *
 * Search and walk go by links alone. A change is made at the bottom; then every
 * node above it gets its height anew, and where one side has become two higher
 * than the other, a rotation or two lift that side. Left and right are the two
 * values of one index, so that nothing is written twice.
 */
#include "kernel/core/tree.h"

static enum tree_side other_side(enum tree_side side)
{
    return side == TREE_LEFT ? TREE_RIGHT : TREE_LEFT;
}

static unsigned height_of(const struct tree_node *node)
{
    return node == NULL ? 0 : node->height;
}

static unsigned height_by_children(const struct tree_node *node)
{
    const unsigned left = height_of(node->children[TREE_LEFT]);
    const unsigned right = height_of(node->children[TREE_RIGHT]);
    return 1 + (left > right ? left : right);
}

/* Which child of its parent a node is. */
static enum tree_side side_of(const struct tree_node *node)
{
    return node->parent->children[TREE_LEFT] == node ? TREE_LEFT : TREE_RIGHT;
}

/* Make `child`, or nothing if NULL, the child of `parent` on one side. */
static void adopt(struct tree_node *parent, enum tree_side side, struct tree_node *child)
{
    parent->children[side] = child;
    if (child != NULL)
        child->parent = parent;
}

/* Put `heir`, or nothing if NULL, where `node` hangs. The node's own links stay. */
static void replace(struct tree *tree, struct tree_node *node, struct tree_node *heir)
{
    if (node->parent != NULL) {
        adopt(node->parent, side_of(node), heir);
        return;
    }
    tree->root = heir;
    if (heir != NULL)
        heir->parent = NULL;
}

/*
 * Lift the child of one side into the node's place; back: that child.
 *
 *        node                child
 *       /    \              /     \
 *    child    c    ->      a      node      (here for the left side)
 *    /   \                       /    \
 *   a     b                     b      c
 */
static struct tree_node *lift(struct tree *tree, struct tree_node *node, enum tree_side side)
{
    struct tree_node *const child = node->children[side];
    replace(tree, node, child);
    adopt(node, side, child->children[other_side(side)]);
    adopt(child, other_side(side), node);
    node->height = height_by_children(node);
    child->height = height_by_children(child);
    return child;
}

/* Lift a side that is two higher; its inner grandchild first, if that one makes it so. */
static struct tree_node *lift_high_side(struct tree *tree, struct tree_node *node,
                                        enum tree_side side)
{
    struct tree_node *const child = node->children[side];
    const enum tree_side inner = other_side(side);
    if (height_of(child->children[inner]) > height_of(child->children[side]))
        lift(tree, child, inner);
    return lift(tree, node, side);
}

/* From the lowest changed node up to the root. */
static void rebalance(struct tree *tree, struct tree_node *node)
{
    for (; node != NULL; node = node->parent) {
        const unsigned left = height_of(node->children[TREE_LEFT]);
        const unsigned right = height_of(node->children[TREE_RIGHT]);
        if (left > right + 1)
            node = lift_high_side(tree, node, TREE_LEFT);
        else if (right > left + 1)
            node = lift_high_side(tree, node, TREE_RIGHT);
        else
            node->height = height_by_children(node);
    }
}

/* The furthest node to one side, at or below a node that may be NULL. */
static struct tree_node *outermost(struct tree_node *node, enum tree_side side)
{
    while (node != NULL && node->children[side] != NULL)
        node = node->children[side];
    return node;
}

/* The neighbour in order: outermost below, or the first ancestor that lies on that side. */
static struct tree_node *neighbour(const struct tree_node *node, enum tree_side side)
{
    if (node->children[side] != NULL)
        return outermost(node->children[side], other_side(side));
    while (node->parent != NULL && side_of(node) == side)
        node = node->parent;
    return node->parent;
}

void tree_begin(struct tree *tree)
{
    tree->root = NULL;
}

bool tree_is_empty(const struct tree *tree)
{
    return tree->root == NULL;
}

bool tree_node_is_linked(const struct tree_node *node)
{
    return node->height != 0;
}

void tree_insert(struct tree *tree, struct tree_node *node, uint64_t key)
{
    struct tree_node *parent = NULL;
    enum tree_side side = TREE_LEFT;
    for (struct tree_node *place = tree->root; place != NULL; place = place->children[side]) {
        parent = place;
        side = key < place->key ? TREE_LEFT : TREE_RIGHT;
    }
    *node = (struct tree_node){ .key = key, .parent = parent, .height = 1 };
    if (parent == NULL)
        tree->root = node;
    else
        parent->children[side] = node;
    rebalance(tree, parent);
}

/* A node with two children leaves its place to the next in order, which has no left child. */
void tree_remove(struct tree *tree, struct tree_node *node)
{
    struct tree_node *const left = node->children[TREE_LEFT];
    struct tree_node *const right = node->children[TREE_RIGHT];
    struct tree_node *lowest_changed = node->parent;
    if (left == NULL || right == NULL) {
        replace(tree, node, left != NULL ? left : right);
    } else {
        struct tree_node *const heir = outermost(right, TREE_LEFT);
        lowest_changed = heir == right ? heir : heir->parent;
        replace(tree, heir, heir->children[TREE_RIGHT]);
        adopt(heir, TREE_LEFT, left);
        adopt(heir, TREE_RIGHT, node->children[TREE_RIGHT]);
        replace(tree, node, heir);
    }
    rebalance(tree, lowest_changed);
    *node = (struct tree_node){ .height = 0 };
}

struct tree_node *tree_find(const struct tree *tree, uint64_t key)
{
    struct tree_node *const node = tree_find_from(tree, key);
    return node != NULL && node->key == key ? node : NULL;
}

struct tree_node *tree_find_from(const struct tree *tree, uint64_t key)
{
    struct tree_node *found = NULL;
    for (struct tree_node *node = tree->root; node != NULL;) {
        const bool is_candidate = node->key >= key;
        if (is_candidate)
            found = node;
        node = node->children[is_candidate ? TREE_LEFT : TREE_RIGHT];
    }
    return found;
}

struct tree_node *tree_find_up_to(const struct tree *tree, uint64_t key)
{
    struct tree_node *found = NULL;
    for (struct tree_node *node = tree->root; node != NULL;) {
        const bool is_candidate = node->key <= key;
        if (is_candidate)
            found = node;
        node = node->children[is_candidate ? TREE_RIGHT : TREE_LEFT];
    }
    return found;
}

struct tree_node *tree_first(const struct tree *tree)
{
    return outermost(tree->root, TREE_LEFT);
}

struct tree_node *tree_last(const struct tree *tree)
{
    return outermost(tree->root, TREE_RIGHT);
}

struct tree_node *tree_next(const struct tree_node *node)
{
    return neighbour(node, TREE_RIGHT);
}

struct tree_node *tree_previous(const struct tree_node *node)
{
    return neighbour(node, TREE_LEFT);
}
