/* SPDX-License-Identifier: MIT
 *
 * Whether a tree is what tree.c promises. Without recursion, and safe on a
 * damaged tree: a child is only gone into once it has named its parent, so no
 * walk can go round in circles.
 */
#include "kernel/core/tree.h"

/* Do both children name this node as their parent, and do the heights fit? */
static bool node_is_right(const struct tree_node *node)
{
    unsigned heights[2];
    for (unsigned side = TREE_LEFT; side <= TREE_RIGHT; side++) {
        const struct tree_node *const child = node->children[side];
        if (child != NULL && child->parent != node)
            return false;
        heights[side] = child == NULL ? 0 : child->height;
    }
    const unsigned high = heights[0] > heights[1] ? heights[0] : heights[1];
    const unsigned low = heights[0] > heights[1] ? heights[1] : heights[0];
    return high - low <= 1 && node->height == high + 1;
}

/* Every node before its children: down while there is one, else to the nearest right turn above. */
static const struct tree_node *next_downward(const struct tree_node *node)
{
    if (node->children[TREE_LEFT] != NULL)
        return node->children[TREE_LEFT];
    if (node->children[TREE_RIGHT] != NULL)
        return node->children[TREE_RIGHT];
    for (; node->parent != NULL; node = node->parent) {
        const struct tree_node *const right = node->parent->children[TREE_RIGHT];
        if (right != NULL && right != node)
            return right;
    }
    return NULL;
}

bool tree_is_whole(const struct tree *tree)
{
    if (tree->root != NULL && tree->root->parent != NULL)
        return false;
    for (const struct tree_node *node = tree->root; node != NULL; node = next_downward(node)) {
        if (!node_is_right(node))
            return false;
    }
    uint64_t key = 0;
    for (const struct tree_node *node = tree_first(tree); node != NULL; node = tree_next(node)) {
        if (node->key < key)
            return false;
        key = node->key;
    }
    return true;
}
