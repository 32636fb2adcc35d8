/* SPDX-License-Identifier: MIT
 *
 * The hash table against an array, over random sequences of every verb, with few
 * hashes so that chains are long; and how evenly SipHash fills buckets.
 */
#include <string.h>

#include "kernel/core/hash_table.h"
#include "tests/unit/cmocka_all.h"
#include "tests/unit/random.h"

#define NODES        40
#define HASHES       12
#define BUCKETS_MOST 16
#define STEPS        200000
#define KEYS         65536
#define EVEN_BUCKETS 1024
#define BUCKET_MOST  120 /* 64 on average; more than 7 standard deviations above */

static const struct siphash_key key = { .low = 1, .high = 2 };

static struct hash_table table;
static struct hash_node nodes[NODES];
static struct hash_node *members[NODES]; /* the model: oldest first */
static size_t count;

static void insert(struct hash_node *node, uint64_t hash)
{
    members[count++] = node;
    hash_table_insert(&table, node, hash);
}

static void remove_at(size_t place)
{
    hash_table_remove(&table, members[place]);
    count--;
    memmove(&members[place], &members[place + 1], (count - place) * sizeof(members[0]));
}

static void compare(uint64_t hash)
{
    assert_int_equal(table.count, count);
    struct hash_node *node = hash_table_find(&table, hash);
    for (size_t place = count; place != 0; place--) {
        if (members[place - 1]->hash != hash)
            continue;
        assert_ptr_equal(node, members[place - 1]);
        node = hash_table_find_next(node);
    }
    assert_null(node);
}

static void move(struct random *random)
{
    static struct hash_node *buckets[2][BUCKETS_MOST];
    static unsigned which;
    which = 1 - which;
    hash_table_move(&table, buckets[which], (size_t)1 << random_below(random, 5));
}

static size_t place_of(const struct hash_node *node)
{
    size_t place = 0;
    while (place < count && members[place] != node)
        place++;
    return place;
}

static void random_sequences_agree_with_the_model(void **state)
{
    (void)state;
    struct hash_node *first_buckets[1];
    struct random random = { .state = 1 };
    hash_table_begin(&table, first_buckets, 1, &key);
    for (unsigned step = 0; step < STEPS; step++) {
        struct hash_node *const node = &nodes[random_below(&random, NODES)];
        const size_t place = place_of(node);
        if (place == count)
            insert(node, random_below(&random, HASHES));
        else
            remove_at(place);
        if (random_below(&random, 100) == 0)
            move(&random);
        compare(random_below(&random, HASHES + 1));
    }
}

/* Keys that differ in a few bits only, as addresses and numbers do. */
static void buckets_fill_evenly(void **state)
{
    (void)state;
    static unsigned filled[EVEN_BUCKETS];
    struct hash_node *bucket[1];
    hash_table_begin(&table, bucket, 1, &key);
    for (unsigned shift = 0; shift <= 16; shift += 8) {
        memset(filled, 0, sizeof(filled));
        for (uint64_t number = 0; number < KEYS; number++) {
            const uint64_t shifted = number << shift;
            filled[hash_table_hash(&table, &shifted, sizeof(shifted)) % EVEN_BUCKETS]++;
        }
        for (unsigned i = 0; i < EVEN_BUCKETS; i++)
            assert_in_range(filled[i], 1, BUCKET_MOST);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sequences_agree_with_the_model),
        cmocka_unit_test(buckets_fill_evenly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
