/* SPDX-License-Identifier: MIT
 *
 * SipHash and the table on it, in whatever world this runs.
 * Spec: the SipHash paper, appendix A, and its authors' test vectors.
 */
#include "base/compiler.h"
#include "kernel/core/hash_table.h"
#include "kernel/core/string.h"
#include "kernel/proof/suites.h"

#define VECTOR_BYTES 64
#define BUCKETS      4
#define MORE_BUCKETS 16
#define MEMBERS      40

/* Bytes 00h to 0Fh. */
static const struct siphash_key vector_key = { .low = 0x0706050403020100,
                                               .high = 0x0F0E0D0C0B0A0908 };

struct item {
    unsigned number;
    struct hash_node node;
};

static void siphash_vectors(struct claims *claims)
{
    static const struct {
        size_t bytes; /* 00h, 01h, 02h... so many */
        uint64_t hash;
    } vectors[] = {
        { 0, 0x726FDB47DD0E0E31 }, { 1, 0x74F839C593DC67FD },  { 7, 0xAB0200F58B01D137 },
        { 8, 0x93F5F5799A932462 }, { 15, 0xA129CA6149BE45E5 }, { 63, 0x958A324CEB064572 },
    };
    uint8_t bytes[VECTOR_BYTES];
    for (unsigned i = 0; i < VECTOR_BYTES; i++)
        bytes[i] = (uint8_t)i;
    for (size_t i = 0; i < ARRAY_COUNT(vectors); i++)
        CLAIM_EQUAL(siphash(&vector_key, bytes, vectors[i].bytes), vectors[i].hash);
}

static void siphash_minds_key_and_length(struct claims *claims)
{
    static const uint8_t zeros[2 * sizeof(uint64_t)];
    const struct siphash_key other = { .low = vector_key.low ^ 1, .high = vector_key.high };
    CLAIM(siphash(&vector_key, zeros, 8) != siphash(&other, zeros, 8));
    CLAIM(siphash(&vector_key, zeros, 8) != siphash(&vector_key, zeros, 9));
    CLAIM(siphash(&vector_key, zeros, 0) != siphash(&vector_key, zeros, 1));
}

static void finds_what_is_in(struct claims *claims)
{
    struct hash_node *buckets[BUCKETS];
    struct item items[MEMBERS];
    struct hash_table table;
    unsigned wrong = 0;
    hash_table_begin(&table, buckets, BUCKETS, &vector_key);
    for (unsigned i = 0; i < MEMBERS; i++) {
        items[i].number = i;
        hash_table_insert(&table, &items[i].node, hash_table_hash(&table, &i, sizeof(i)));
    }
    CLAIM_EQUAL(table.count, MEMBERS);
    for (unsigned i = 0; i < MEMBERS; i++)
        wrong += hash_table_find(&table, items[i].node.hash) == &items[i].node ? 0 : 1;
    CLAIM_EQUAL(wrong, 0);
    const unsigned absent = MEMBERS;
    CLAIM(hash_table_find(&table, hash_table_hash(&table, &absent, sizeof(absent))) == NULL);
}

static void equal_hashes(struct claims *claims)
{
    struct hash_node *buckets[BUCKETS];
    struct hash_node nodes[4];
    struct hash_table table;
    hash_table_begin(&table, buckets, BUCKETS, &vector_key);
    hash_table_insert(&table, &nodes[0], 5);
    hash_table_insert(&table, &nodes[1], 5 + BUCKETS); /* the same bucket, another hash */
    hash_table_insert(&table, &nodes[2], 5);
    CLAIM(hash_table_find(&table, 5) == &nodes[2]);
    CLAIM(hash_table_find_next(&nodes[2]) == &nodes[0]);
    CLAIM(hash_table_find_next(&nodes[0]) == NULL);
    CLAIM(hash_table_find(&table, 5 + BUCKETS) == &nodes[1]);
    CLAIM(hash_table_find(&table, 5 + 2 * BUCKETS) == NULL);
}

static void remove_any(struct claims *claims)
{
    struct hash_node *buckets[1];
    struct hash_node nodes[3];
    struct hash_table table;
    hash_table_begin(&table, buckets, 1, &vector_key);
    for (unsigned i = 0; i < ARRAY_COUNT(nodes); i++)
        hash_table_insert(&table, &nodes[i], i);
    hash_table_remove(&table, &nodes[1]); /* from within the chain */
    CLAIM(hash_table_find(&table, 1) == NULL && hash_table_find(&table, 0) == &nodes[0]);
    hash_table_remove(&table, &nodes[2]); /* its first */
    CLAIM(hash_table_find(&table, 2) == NULL && hash_table_find(&table, 0) == &nodes[0]);
    hash_table_remove(&table, &nodes[0]); /* its last */
    CLAIM(buckets[0] == NULL);
    CLAIM_EQUAL(table.count, 0);
}

static void moves_to_more_buckets(struct claims *claims)
{
    struct hash_node *buckets[BUCKETS], *more[MORE_BUCKETS];
    struct hash_node nodes[MEMBERS], twin;
    struct hash_table table;
    unsigned wrong = 0;
    hash_table_begin(&table, buckets, BUCKETS, &vector_key);
    for (unsigned i = 0; i < MEMBERS; i++)
        hash_table_insert(&table, &nodes[i], i);
    hash_table_insert(&table, &twin, 7);
    hash_table_move(&table, more, MORE_BUCKETS);
    CLAIM_EQUAL(table.count, MEMBERS + 1);
    for (unsigned i = 0; i < MEMBERS; i++)
        wrong += hash_table_find(&table, i) == (i == 7 ? &twin : &nodes[i]) ? 0 : 1;
    CLAIM_EQUAL(wrong, 0);
    CLAIM(hash_table_find_next(&twin) == &nodes[7]);
}

static const struct proof_test tests[] = {
    { "hash.siphash-vectors", siphash_vectors },
    { "hash.siphash-minds-key-and-length", siphash_minds_key_and_length },
    { "hash.finds-what-is-in", finds_what_is_in },
    { "hash.equal-hashes", equal_hashes },
    { "hash.remove-any", remove_any },
    { "hash.moves-to-more-buckets", moves_to_more_buckets },
};
const struct proof_suite proof_hash = { tests, ARRAY_COUNT(tests) };
