/* SPDX-License-Identifier: MIT
 *
 * Lists against arrays of numbers, over random sequences of every verb.
 */
#include <string.h>

#include "base/compiler.h"
#include "kernel/core/list.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define MEMBERS 12
#define LISTS   2
#define STEPS   200000

struct item {
    struct list_node node;
    unsigned number;
};

/* Which numbers each list should hold, in order. */
struct model {
    unsigned numbers[LISTS][MEMBERS];
    size_t counts[LISTS];
};

static struct item items[MEMBERS];
static struct list lists[LISTS];
static struct model model;

static void model_insert(size_t list, size_t place, unsigned number)
{
    unsigned *const numbers = model.numbers[list];
    memmove(&numbers[place + 1], &numbers[place],
            (model.counts[list]++ - place) * sizeof(numbers[0]));
    numbers[place] = number;
}

static void model_remove(size_t list, size_t place)
{
    unsigned *const numbers = model.numbers[list];
    memmove(&numbers[place], &numbers[place + 1],
            (--model.counts[list] - place) * sizeof(numbers[0]));
}

static void compare(size_t list)
{
    size_t place = 0;
    assert_true(list_is_whole(&lists[list], MEMBERS));
    assert_int_equal(list_count(&lists[list]), model.counts[list]);
    assert_int_equal(list_is_empty(&lists[list]), model.counts[list] == 0);
    for (struct list_node *node = list_first(&lists[list]); node != NULL;
         node = list_next(&lists[list], node))
        assert_int_equal(CONTAINER(node, struct item, node)->number, model.numbers[list][place++]);
    for (struct list_node *node = list_last(&lists[list]); node != NULL;
         node = list_previous(&lists[list], node))
        assert_int_equal(CONTAINER(node, struct item, node)->number, model.numbers[list][--place]);
    assert_int_equal(place, 0);
}

/* Put a number that is in no list into one, by one of the four verbs. */
static void insert(struct random *random, unsigned number)
{
    const size_t list = random_below(random, LISTS);
    const size_t count = model.counts[list];
    struct list_node *const node = &items[number].node;
    const size_t place = count == 0 ? 0 : random_below(random, count);
    struct list_node *const beside = &items[model.numbers[list][place]].node;
    switch (random_below(random, count == 0 ? 2 : 4)) {
    case 0:
        list_push_first(&lists[list], node);
        model_insert(list, 0, number);
        break;
    case 1:
        list_push_last(&lists[list], node);
        model_insert(list, count, number);
        break;
    case 2:
        list_insert_before(beside, node);
        model_insert(list, place, number);
        break;
    default:
        list_insert_after(beside, node);
        model_insert(list, place + 1, number);
    }
}

static void remove_any(struct random *random)
{
    const size_t list = random_below(random, LISTS);
    const size_t count = model.counts[list];
    if (count == 0) {
        assert_null(list_pop_first(&lists[list]));
        assert_null(list_pop_last(&lists[list]));
        return;
    }
    size_t place = random_below(random, count);
    struct list_node *node = &items[model.numbers[list][place]].node;
    if (place == 0)
        assert_ptr_equal(list_pop_first(&lists[list]), node);
    else if (place == count - 1)
        assert_ptr_equal(list_pop_last(&lists[list]), node);
    else
        list_remove(node);
    assert_false(list_node_is_linked(node));
    model_remove(list, place);
}

static void append(struct random *random)
{
    const size_t list = random_below(random, LISTS);
    const size_t other = 1 - list;
    list_append(&lists[list], &lists[other]);
    while (model.counts[other] != 0) {
        model_insert(list, model.counts[list], model.numbers[other][0]);
        model_remove(other, 0);
    }
}

static void random_sequences_agree_with_the_model(void **state)
{
    (void)state;
    struct random random = { .state = 1 };
    for (size_t list = 0; list < LISTS; list++)
        list_begin(&lists[list]);
    for (unsigned number = 0; number < MEMBERS; number++)
        items[number].number = number;
    for (unsigned step = 0; step < STEPS; step++) {
        const unsigned number = (unsigned)random_below(&random, MEMBERS);
        if (random_below(&random, 16) == 0)
            append(&random);
        else if (!list_node_is_linked(&items[number].node))
            insert(&random, number);
        else
            remove_any(&random);
        compare(0);
        compare(1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sequences_agree_with_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
