/* SPDX-License-Identifier: MIT
 *
 * Lists, in whatever world this runs.
 */
#include "kernel/core/list.h"
#include "kernel/proof/suites.h"

#define LETTERS 3

/* Members whose order a test can spell. */
struct letter {
    char name;
    struct list_node node;
};

/* An empty list, and letters that are in none. */
static void begin(struct list *list, struct letter letters[LETTERS])
{
    for (unsigned i = 0; i < LETTERS; i++)
        letters[i] = (struct letter){ .name = (char)('a' + (char)i) };
    list_begin(list);
}

/* The list "abc". */
static void begin_full(struct list *list, struct letter letters[LETTERS])
{
    begin(list, letters);
    for (unsigned i = 0; i < LETTERS; i++)
        list_push_last(list, &letters[i].node);
}

/* Are the names in the list, forward and backward, those of `text`? */
static bool spells(const struct list *list, const char *text)
{
    const struct list_node *node = list_first(list);
    size_t length = 0;
    for (; node != NULL; node = list_next(list, node)) {
        if (CONTAINER(node, struct letter, node)->name != text[length++])
            return false;
    }
    if (text[length] != '\0' || !list_is_whole(list, LETTERS))
        return false;
    for (node = list_last(list); node != NULL; node = list_previous(list, node)) {
        if (length == 0 || CONTAINER(node, struct letter, node)->name != text[--length])
            return false;
    }
    return length == 0;
}

static void empty(struct claims *claims)
{
    struct list list;
    list_begin(&list);
    CLAIM(list_is_empty(&list));
    CLAIM(list_first(&list) == NULL && list_last(&list) == NULL);
    CLAIM(list_pop_first(&list) == NULL && list_pop_last(&list) == NULL);
    CLAIM_EQUAL(list_count(&list), 0);
    CLAIM(list_is_whole(&list, 0));
}

static void order(struct claims *claims)
{
    struct letter letters[LETTERS];
    struct list list;
    begin(&list, letters);
    list_push_last(&list, &letters[1].node);
    list_push_last(&list, &letters[2].node);
    list_push_first(&list, &letters[0].node);
    CLAIM(spells(&list, "abc"));
    CLAIM_EQUAL(list_count(&list), LETTERS);
    CLAIM(!list_is_empty(&list));
}

static void insert_beside(struct claims *claims)
{
    struct letter letters[LETTERS];
    struct list list;
    begin(&list, letters);
    list_push_last(&list, &letters[1].node);
    list_insert_before(&letters[1].node, &letters[0].node);
    list_insert_after(&letters[1].node, &letters[2].node);
    CLAIM(spells(&list, "abc"));
}

static void remove_middle(struct claims *claims)
{
    struct letter letters[LETTERS];
    struct list list;
    begin_full(&list, letters);
    list_remove(&letters[1].node);
    CLAIM(spells(&list, "ac"));
    CLAIM(!list_node_is_linked(&letters[1].node));
    CLAIM(list_node_is_linked(&letters[2].node));
    list_push_first(&list, &letters[1].node);
    CLAIM(spells(&list, "bac"));
}

static void pop_ends(struct claims *claims)
{
    struct letter letters[LETTERS];
    struct list list;
    begin_full(&list, letters);
    CLAIM(list_pop_first(&list) == &letters[0].node);
    CLAIM(list_pop_last(&list) == &letters[2].node);
    CLAIM(spells(&list, "b"));
    CLAIM(list_pop_last(&list) == &letters[1].node);
    CLAIM(list_is_empty(&list));
}

static void append(struct claims *claims)
{
    struct letter letters[LETTERS];
    struct list list, other;
    begin(&list, letters);
    list_begin(&other);
    list_append(&list, &other);
    CLAIM(spells(&list, "") && spells(&other, ""));
    list_push_last(&other, &letters[0].node);
    list_append(&list, &other);
    CLAIM(spells(&list, "a") && spells(&other, ""));
    list_push_last(&other, &letters[1].node);
    list_push_last(&other, &letters[2].node);
    list_append(&list, &other);
    CLAIM(spells(&list, "abc") && spells(&other, ""));
}

static void damage_is_seen(struct claims *claims)
{
    struct letter letters[LETTERS];
    struct list list;
    begin_full(&list, letters);
    CLAIM(!list_is_whole(&list, LETTERS - 1));
    letters[1].node.previous = &letters[2].node;
    CLAIM(!list_is_whole(&list, LETTERS));
    letters[1].node.previous = &letters[0].node;
    letters[2].node.next = NULL;
    CLAIM(!list_is_whole(&list, LETTERS));
}

static const struct proof_test tests[] = {
    { "list.empty", empty },
    { "list.order", order },
    { "list.insert-beside", insert_beside },
    { "list.remove-middle", remove_middle },
    { "list.pop-ends", pop_ends },
    { "list.append", append },
    { "list.damage-is-seen", damage_is_seen },
};
const struct proof_suite proof_list = { tests, ARRAY_COUNT(tests) };
