/* SPDX-License-Identifier: MIT
 *
 * Trees against a sorted array, over random sequences of every verb; the checker
 * looks at the tree after each. Few keys, so that many are equal.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/core/tree.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define NODES 60
#define KEYS  40
#define STEPS 200000
#define MANY  20000
#define LOW   22 /* at most 1.44 log2(MANY) high */

static struct tree tree;
static struct tree_node nodes[NODES];
static struct tree_node *sorted[NODES]; /* the model: by key, equal ones as they came */
static size_t count;

static size_t model_from(uint64_t key)
{
    size_t place = 0;
    while (place < count && sorted[place]->key < key)
        place++;
    return place;
}

static void insert(struct tree_node *node, uint64_t key)
{
    const size_t place = model_from(key + 1);
    memmove(&sorted[place + 1], &sorted[place], (count - place) * sizeof(sorted[0]));
    sorted[place] = node;
    count++;
    tree_insert(&tree, node, key);
}

static void remove_node(struct tree_node *node)
{
    size_t place = 0;
    while (sorted[place] != node)
        place++;
    count--;
    memmove(&sorted[place], &sorted[place + 1], (count - place) * sizeof(sorted[0]));
    tree_remove(&tree, node);
}

static const struct tree_node *model_at(size_t place)
{
    return place < count ? sorted[place] : NULL;
}

static void compare(uint64_t key)
{
    assert_true(tree_is_whole(&tree));
    const struct tree_node *node = tree_first(&tree);
    for (size_t place = 0; place < count; place++) {
        assert_ptr_equal(node, sorted[place]);
        assert_ptr_equal(tree_previous(node), place == 0 ? NULL : sorted[place - 1]);
        node = tree_next(node);
    }
    assert_null(node);
    assert_ptr_equal(tree_last(&tree), count == 0 ? NULL : sorted[count - 1]);
    const size_t from = model_from(key);
    const size_t behind = model_from(key + 1);
    assert_ptr_equal(tree_find_from(&tree, key), model_at(from));
    assert_ptr_equal(tree_find(&tree, key), from < behind ? model_at(from) : NULL);
    assert_ptr_equal(tree_find_up_to(&tree, key), behind == 0 ? NULL : sorted[behind - 1]);
}

static void random_sequences_agree_with_the_model(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    tree_begin(&tree);
    for (unsigned step = 0; step < STEPS; step++) {
        struct tree_node *const node = &nodes[random_below(&random, NODES)];
        if (tree_node_is_linked(node))
            remove_node(node);
        else
            insert(node, random_below(&random, KEYS));
        compare(random_below(&random, KEYS + 2));
    }
}

static void large_trees_stay_low(void **state)
{
    (void)state;
    struct random random = { .state = 2 };
    struct tree_node *const many = calloc(MANY, sizeof(*many));
    assert_non_null(many);
    tree_begin(&tree);
    for (unsigned i = 0; i < MANY; i++)
        tree_insert(&tree, &many[i], random_next(&random));
    assert_true(tree_is_whole(&tree));
    assert_in_range(tree.root->height, 1, LOW);
    for (unsigned i = 0; i < MANY; i += 2)
        tree_remove(&tree, &many[i]);
    assert_true(tree_is_whole(&tree));
    for (unsigned i = 1; i < MANY; i += 2)
        assert_ptr_equal(tree_find(&tree, many[i].key), &many[i]);
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sequences_agree_with_the_model),
        cmocka_unit_test(large_trees_stay_low),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
