/* SPDX-License-Identifier: MIT
 *
 * What VHD and VMDK files have of time and chance, replaced by what comes from the
 * image: two runs make the same bytes, two images do not look like one disk.
 * Spec: Virtual Hard Disk Image Format Specification 1.0, "Hard Disk Footer
 * Format"; VMware Virtual Disks, Virtual Disk Format 1.1, "Descriptor"; RFC 9562.
 */
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "boot/disk_layout.h"
#include "kernel/core/crc32c.h"
#include "tools/image/form_parts.h"

#define CHUNK_BYTES ((size_t)1 << 20)

/* Numbers in a VHD are big-endian. */
struct vhd_footer {
    uint8_t cookie[8];
    uint8_t features[4];
    uint8_t version[4];
    uint8_t data_offset[8];
    uint8_t moment[4]; /* seconds since 1 January 2000 */
    uint8_t between[36];
    uint8_t checksum[4]; /* of all other bytes: their sum, inverted */
    uint8_t identity[16];
    uint8_t rest[428];
};
ASSERT_SIZE(struct vhd_footer, SECTOR_BYTES);
ASSERT_OFFSET(struct vhd_footer, checksum, 64);
ASSERT_OFFSET(struct vhd_footer, identity, 68);

#define VHD_COOKIE   "conectix"
#define VHD_EPOCH    946684800 /* the year 2000 in seconds since 1970 */
#define UUID_VERSION 6         /* the byte; its upper half: 8, made our own way */
#define UUID_VARIANT 8

#define VMDK_DESCRIPTOR_OFFSET SECTOR_BYTES
#define VMDK_DESCRIPTOR_BYTES  10240 /* what qemu-img reserves, zeros behind the text */
#define VMDK_IDENTITY          "\nCID="
#define VMDK_NO_IDENTITY       0xFFFFFFFE /* and above: those of no disk */

bool form_identity(struct form_job *job, uint32_t words[FORM_IDENTITY_WORDS])
{
    static uint8_t chunk[CHUNK_BYTES];
    static struct crc32c_tables tables;
    struct device_problem problem;

    crc32c_tables_fill(&tables);
    for (unsigned i = 0; i < FORM_IDENTITY_WORDS; i++)
        words[i] = i;
    for (uint64_t at = 0; at < job->disk.bytes; at += CHUNK_BYTES) {
        const uint64_t left = job->disk.bytes - at;
        const size_t bytes = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;
        if (!device_read(&job->disk, at, chunk, bytes, &problem))
            return form_fail(job, "%s: %s", job->raw, strerror(problem.error));
        uint32_t *const word = &words[at / CHUNK_BYTES % FORM_IDENTITY_WORDS];
        *word = crc32c_update(&tables, *word, chunk, bytes);
    }
    return true;
}

static bool move_failed(struct form_job *job, const struct device_problem *problem)
{
    return form_fail(job, "%s: %s", problem->verb, strerror(problem->error));
}

static void store_be32(uint8_t bytes[4], uint32_t value)
{
    for (unsigned i = 0; i < sizeof(value); i++)
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t footer_checksum(const struct vhd_footer *footer)
{
    const uint8_t *const bytes = (const uint8_t *)footer;
    uint32_t sum = 0;

    for (size_t i = 0; i < sizeof(*footer); i++)
        sum += bytes[i];
    for (size_t i = 0; i < sizeof(footer->checksum); i++)
        sum -= footer->checksum[i];
    return ~sum;
}

bool form_settle_vhd(struct form_job *job, const struct device *made)
{
    struct vhd_footer footer;
    struct device_problem problem;
    uint32_t words[FORM_IDENTITY_WORDS];
    const uint64_t last = made->bytes - sizeof(footer);

    if (!device_read(made, last, &footer, sizeof(footer), &problem))
        return move_failed(job, &problem);
    if (memcmp(footer.cookie, VHD_COOKIE, sizeof(footer.cookie)) != 0)
        return form_fail(job, "qemu-img did not make a VHD");
    if (!form_identity(job, words))
        return false;
    store_be32(footer.moment, (uint32_t)(form_moment() - VHD_EPOCH));
    for (unsigned i = 0; i < FORM_IDENTITY_WORDS; i++)
        store_be32(footer.identity + i * sizeof(words[i]), words[i]);
    footer.identity[UUID_VERSION] = (uint8_t)(0x80 | (footer.identity[UUID_VERSION] & 0x0F));
    footer.identity[UUID_VARIANT] = (uint8_t)(0x80 | (footer.identity[UUID_VARIANT] & 0x3F));
    store_be32(footer.checksum, footer_checksum(&footer));
    /* A dynamic one begins with a copy of its footer. */
    return (device_write(made, 0, &footer, sizeof(footer), &problem) &&
            device_write(made, last, &footer, sizeof(footer), &problem)) ||
           move_failed(job, &problem);
}

bool form_settle_vmdk(struct form_job *job, const struct device *made)
{
    char text[VMDK_DESCRIPTOR_BYTES + 1] = { 0 }, settled[VMDK_DESCRIPTOR_BYTES + 16] = { 0 };
    struct device_problem problem;
    uint32_t words[FORM_IDENTITY_WORDS];

    if (!device_read(made, VMDK_DESCRIPTOR_OFFSET, text, VMDK_DESCRIPTOR_BYTES, &problem))
        return move_failed(job, &problem);
    char *const identity = strstr(text, VMDK_IDENTITY);
    char *const behind = identity == NULL ? NULL : strchr(identity + 1, '\n');
    if (behind == NULL)
        return form_fail(job, "qemu-img did not make a VMDK");
    if (!form_identity(job, words))
        return false;
    const uint32_t own = words[0] ^ words[1] ^ words[2] ^ words[3];
    *identity = '\0';
    snprintf(settled, sizeof(settled), "%s" VMDK_IDENTITY "%08x%s", text,
             own >= VMDK_NO_IDENTITY ? 1 : own, behind);
    return device_write(made, VMDK_DESCRIPTOR_OFFSET, settled, VMDK_DESCRIPTOR_BYTES, &problem) ||
           move_failed(job, &problem);
}
