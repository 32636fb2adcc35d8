/* SPDX-License-Identifier: MIT
 *
 * Trees, in whatever world this runs.
 */
#include "kernel/core/tree.h"
#include "kernel/proof/suites.h"

#define FEW        7
#define MANY       1000
#define HEIGHT_MAX 14  /* 1.44 log2(MANY): no AVL tree of so many is higher */
#define STRIDE     389 /* without a common divisor with MANY: visits all in a mixed order */

static struct tree_node *nodes(const struct claims *claims)
{
    struct tree_node *const nodes = (struct tree_node *)(void *)claims->arena;
    for (unsigned i = 0; i < MANY; i++)
        nodes[i] = (struct tree_node){ .height = 0 };
    return nodes;
}

/* Are the keys, walked in both directions, `count` ascending ones? */
static bool ascends(const struct tree *tree, unsigned count)
{
    unsigned forward = 0;
    unsigned backward = 0;
    for (const struct tree_node *node = tree_first(tree); node != NULL; node = tree_next(node)) {
        const struct tree_node *const before = tree_previous(node);
        if (before != NULL && (before->key > node->key || tree_next(before) != node))
            return false;
        forward++;
    }
    for (const struct tree_node *node = tree_last(tree); node != NULL; node = tree_previous(node))
        backward++;
    return forward == count && backward == count && tree_is_whole(tree);
}

static void empty(struct claims *claims)
{
    struct tree tree;
    tree_begin(&tree);
    CLAIM(tree_is_empty(&tree) && tree_is_whole(&tree));
    CLAIM(tree_first(&tree) == NULL && tree_last(&tree) == NULL);
    CLAIM(tree_find(&tree, 0) == NULL);
    CLAIM(tree_find_from(&tree, 0) == NULL && tree_find_up_to(&tree, UINT64_MAX) == NULL);
}

/* The four ways in which three nodes come to be balanced, and the tree that comes of each. */
static void four_rotations(struct claims *claims)
{
    static const uint8_t orders[][3] = { { 1, 2, 3 }, { 3, 2, 1 }, { 1, 3, 2 }, { 3, 1, 2 } };
    for (size_t order = 0; order < ARRAY_COUNT(orders); order++) {
        struct tree_node *const node = nodes(claims);
        struct tree tree;
        tree_begin(&tree);
        for (unsigned i = 0; i < 3; i++)
            tree_insert(&tree, &node[i], orders[order][i]);
        CLAIM(ascends(&tree, 3));
        CLAIM_EQUAL(tree.root->key, 2);
        CLAIM_EQUAL(tree.root->height, 2);
    }
}

static void stays_low(struct claims *claims)
{
    struct tree_node *const node = nodes(claims);
    struct tree tree;
    tree_begin(&tree);
    for (unsigned i = 0; i < MANY; i++)
        tree_insert(&tree, &node[i], i);
    CLAIM(ascends(&tree, MANY));
    CLAIM(tree.root->height <= HEIGHT_MAX);
    for (unsigned i = 0; i < MANY / 2; i++)
        tree_remove(&tree, &node[i]);
    CLAIM(ascends(&tree, MANY / 2));
    CLAIM(tree.root->height < HEIGHT_MAX);
}

static void mixed_order(struct claims *claims)
{
    struct tree_node *const node = nodes(claims);
    struct tree tree;
    unsigned wrong = 0;
    tree_begin(&tree);
    for (unsigned i = 0; i < MANY; i++) {
        const unsigned which = i * STRIDE % MANY;
        tree_insert(&tree, &node[which], which);
    }
    CLAIM(ascends(&tree, MANY));
    for (unsigned i = 0; i < MANY; i++)
        wrong += tree_find(&tree, i) == &node[i] ? 0 : 1;
    for (unsigned i = 0; i < MANY; i++) {
        tree_remove(&tree, &node[i * STRIDE % MANY]);
        wrong += tree_find(&tree, i * STRIDE % MANY) == NULL ? 0 : 1;
    }
    CLAIM_EQUAL(wrong, 0);
    CLAIM(tree_is_empty(&tree));
}

static void bounds(struct claims *claims)
{
    struct tree_node *const node = nodes(claims);
    struct tree tree;
    tree_begin(&tree);
    tree_insert(&tree, &node[0], 10);
    tree_insert(&tree, &node[1], 20);
    tree_insert(&tree, &node[2], UINT64_MAX);
    CLAIM(tree_find(&tree, 20) == &node[1] && tree_find(&tree, 15) == NULL);
    CLAIM(tree_find_from(&tree, 0) == &node[0] && tree_find_up_to(&tree, 9) == NULL);
    CLAIM(tree_find_from(&tree, 10) == &node[0] && tree_find_up_to(&tree, 10) == &node[0]);
    CLAIM(tree_find_from(&tree, 11) == &node[1] && tree_find_up_to(&tree, 19) == &node[0]);
    CLAIM(tree_find_from(&tree, 21) == &node[2] && tree_find_up_to(&tree, 21) == &node[1]);
    CLAIM(tree_find_up_to(&tree, UINT64_MAX) == &node[2]);
    tree_remove(&tree, &node[2]);
    CLAIM(tree_find_from(&tree, 21) == NULL);
}

static void equal_keys_keep_order(struct claims *claims)
{
    struct tree_node *const node = nodes(claims);
    struct tree tree;
    tree_begin(&tree);
    tree_insert(&tree, &node[MANY - 1], 4);
    for (unsigned i = 0; i < FEW; i++)
        tree_insert(&tree, &node[i], 5);
    tree_insert(&tree, &node[MANY - 2], 6);
    CLAIM(ascends(&tree, FEW + 2));
    const struct tree_node *next = tree_find(&tree, 5);
    for (unsigned i = 0; i < FEW; i++) {
        CLAIM(next == &node[i]);
        next = tree_next(next);
    }
    CLAIM(tree_find_up_to(&tree, 5) == &node[FEW - 1]);
}

/* Each node of a full tree of seven: leaves, nodes with two children, the root. */
static void remove_each(struct claims *claims)
{
    for (unsigned gone = 0; gone < FEW; gone++) {
        struct tree_node *const node = nodes(claims);
        struct tree tree;
        tree_begin(&tree);
        for (unsigned i = 0; i < FEW; i++)
            tree_insert(&tree, &node[i], i);
        tree_remove(&tree, &node[gone]);
        CLAIM(ascends(&tree, FEW - 1));
        CLAIM(tree_find(&tree, gone) == NULL && !tree_node_is_linked(&node[gone]));
        tree_insert(&tree, &node[gone], gone);
        CLAIM(ascends(&tree, FEW) && tree_node_is_linked(&node[gone]));
    }
}

/* The root again and again: its heir comes from deep below, so heights change all the way up. */
static void remove_root(struct claims *claims)
{
    struct tree_node *const node = nodes(claims);
    struct tree tree;
    unsigned wrong = 0;
    tree_begin(&tree);
    for (unsigned i = 0; i < MANY; i++)
        tree_insert(&tree, &node[i], i * STRIDE % MANY);
    for (unsigned left = MANY; left != 0; left--) {
        tree_remove(&tree, tree.root);
        wrong += tree_is_whole(&tree) ? 0 : 1;
    }
    CLAIM_EQUAL(wrong, 0);
    CLAIM(tree_is_empty(&tree));
}

static void damage_is_seen(struct claims *claims)
{
    struct tree_node *const node = nodes(claims);
    struct tree tree;
    tree_begin(&tree);
    for (unsigned i = 0; i < FEW; i++)
        tree_insert(&tree, &node[i], i);
    node[2].key = 4; /* order */
    CLAIM(!tree_is_whole(&tree));
    node[2].key = 2;
    node[1].height++;
    CLAIM(!tree_is_whole(&tree));
    node[1].height--;
    node[0].parent = &node[5]; /* a child that is not its parent's */
    CLAIM(!tree_is_whole(&tree));
    node[0].parent = &node[1];
    node[0].children[TREE_LEFT] = tree.root; /* round in a circle */
    CLAIM(!tree_is_whole(&tree));
    node[0].children[TREE_LEFT] = NULL;
    CLAIM(tree_is_whole(&tree));
}

static const struct proof_test tests[] = {
    { "tree.empty", empty },
    { "tree.four-rotations", four_rotations },
    { "tree.stays-low", stays_low },
    { "tree.mixed-order", mixed_order },
    { "tree.bounds", bounds },
    { "tree.equal-keys-keep-order", equal_keys_keep_order },
    { "tree.remove-each", remove_each },
    { "tree.remove-root", remove_root },
    { "tree.damage-is-seen", damage_is_seen },
};
const struct proof_suite proof_tree = { tests, ARRAY_COUNT(tests) };
