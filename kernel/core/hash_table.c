/* SPDX-License-Identifier: MIT
 *
 * Chains in buckets. A bucket is found by the hash's low bits, which SipHash
 * makes as good as any others.
 */
#include "kernel/core/hash_table.h"

static struct hash_node **bucket_of(const struct hash_table *table, uint64_t hash)
{
    return &table->buckets[hash & (table->bucket_count - 1)];
}

/* The first member with that hash in a chain from `node` on. */
static struct hash_node *first_with(struct hash_node *node, uint64_t hash)
{
    while (node != NULL && node->hash != hash)
        node = node->next;
    return node;
}

void hash_table_begin(struct hash_table *table, struct hash_node **buckets, size_t bucket_count,
                      const struct siphash_key *key)
{
    *table = (struct hash_table){ .buckets = buckets, .bucket_count = bucket_count, .key = *key };
    for (size_t bucket = 0; bucket < bucket_count; bucket++)
        buckets[bucket] = NULL;
}

uint64_t hash_table_hash(const struct hash_table *table, const void *bytes, size_t count)
{
    return siphash(&table->key, bytes, count);
}

void hash_table_insert(struct hash_table *table, struct hash_node *node, uint64_t hash)
{
    struct hash_node **const bucket = bucket_of(table, hash);
    *node = (struct hash_node){ .next = *bucket, .hash = hash };
    *bucket = node;
    table->count++;
}

void hash_table_remove(struct hash_table *table, struct hash_node *node)
{
    struct hash_node **link = bucket_of(table, node->hash);
    while (*link != node)
        link = &(*link)->next;
    *link = node->next;
    node->next = NULL;
    table->count--;
}

struct hash_node *hash_table_find(const struct hash_table *table, uint64_t hash)
{
    return first_with(*bucket_of(table, hash), hash);
}

struct hash_node *hash_table_find_next(const struct hash_node *node)
{
    return first_with(node->next, node->hash);
}

/* From the first bucket to the last, each from its end, or equal hashes would change their order. */
void hash_table_move(struct hash_table *table, struct hash_node **buckets, size_t bucket_count)
{
    struct hash_table moved;
    hash_table_begin(&moved, buckets, bucket_count, &table->key);
    for (size_t bucket = 0; bucket < table->bucket_count; bucket++) {
        struct hash_node *reversed = NULL;
        struct hash_node *next;
        for (struct hash_node *node = table->buckets[bucket]; node != NULL; node = next) {
            next = node->next;
            node->next = reversed;
            reversed = node;
        }
        for (struct hash_node *node = reversed; node != NULL; node = next) {
            next = node->next;
            hash_table_insert(&moved, node, node->hash);
        }
    }
    *table = moved;
}
