/* SPDX-License-Identifier: MIT
 *
 * A hash table whose links lie inside the members; the buckets are the caller's
 * memory too. It knows hashes, not keys: whoever looks something up walks the
 * few members of that hash and compares the keys itself.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernel/core/siphash.h"

struct hash_node {
    struct hash_node *next; /* in the same bucket */
    uint64_t hash;
};

struct hash_table {
    struct hash_node **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;        /* members */
    struct siphash_key key;
};

/* Empty. The key should come from the boot's random seed. */
void hash_table_begin(struct hash_table *table, struct hash_node **buckets, size_t bucket_count,
                      const struct siphash_key *key);

/* The hash of some bytes under the table's key. */
uint64_t hash_table_hash(const struct hash_table *table, const void *bytes, size_t count);

void hash_table_insert(struct hash_table *table, struct hash_node *node, uint64_t hash);

/* The node must be in the table. */
void hash_table_remove(struct hash_table *table, struct hash_node *node);

/* The members of one hash, the newest first; NULL behind the last. */
struct hash_node *hash_table_find(const struct hash_table *table, uint64_t hash);
struct hash_node *hash_table_find_next(const struct hash_node *node);

/* Move all members to other buckets, more or fewer; the old ones are the caller's again. */
void hash_table_move(struct hash_table *table, struct hash_node **buckets, size_t bucket_count);
