/* SPDX-License-Identifier: MIT
 *
 * See list.h. Needs no privilege, so file systems are what udev and lsblk know of
 * them; before a disk is written, confirm.c reads them from the disk itself.
 */
#include "tools/disk/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/disk/disks.h"
#include "tools/disk/json.h"
#include "tools/disk/judge.h"
#include "tools/disk/size.h"

static bool is(const struct disk_node *node, const char *type)
{
    return strcmp(node->type, type) == 0;
}

/* A device without a medium is shown if one can be put in. */
static bool is_listed(const struct disk_node *node)
{
    if (is(node, "loop"))
        return *node->backing != '\0';
    return (is(node, "disk") || is(node, "rom")) && (node->bytes != 0 || node->is_removable);
}

static const char *or_no(const char *text, const char *otherwise)
{
    return *text == '\0' ? otherwise : text;
}

/* Mount points on one line. */
static void print_mounts(const char *mounts)
{
    for (const char *at = mounts; *at != '\0'; at++)
        putchar(*at == '\n' ? ' ' : *at);
}

static void print_content(const struct disk_node *node, bool is_inside)
{
    char size[SIZE_TEXT_BYTES];

    if (!is_inside && *node->file_system == '\0' && *node->mounts == '\0')
        return;
    printf("    %s: %s, %s", node->name, size_text(node->bytes, size),
           or_no(node->file_system, "no file system known"));
    if (*node->label != '\0')
        printf(" \"%s\"", node->label);
    if (*node->mounts != '\0') {
        fputs(", mounted: ", stdout);
        print_mounts(node->mounts);
    }
    putchar('\n');
}

static void print_disk(const struct disks *disks, const struct disk_node *disk, const char *why)
{
    char size[SIZE_TEXT_BYTES];

    printf("%s  %s  %s", disk->path, size_text(disk->bytes, size),
           *disk->backing != '\0' ? disk->backing : or_no(disk->model, "no model name"));
    printf(", serial number %s", or_no(disk->serial, "none"));
    printf("%s%s%s\n", *disk->transport == '\0' ? "" : ", ", disk->transport,
           disk->is_removable ? ", removable" : "");
    print_content(disk, false);
    for (size_t i = 0; i < disks->count; i++) {
        const struct disk_node *const node = &disks->nodes[i];
        if (strcmp(node->name, disk->name) != 0 && disks_is_first(disks, node) &&
            disks_is_below(disks, node, disk))
            print_content(node, true);
    }
    if (why == NULL)
        printf("    can be written\n");
    else
        printf("    cannot be written: it %s\n", why);
}

static void put_text(const char *key, const char *text)
{
    json_text(key, *text == '\0' ? NULL : text);
}

static void put_node(const struct disk_node *node)
{
    json_text("name", node->name);
    json_text("path", node->path);
    json_text("type", node->type);
    json_number("bytes", node->bytes);
    put_text("file_system", node->file_system);
    put_text("label", node->label);
    json_open_list("mounted");
    for (const char *at = node->mounts; *at != '\0'; at += *at == '\n') {
        char *const mount = strndup(at, strcspn(at, "\n"));
        json_text(NULL, mount);
        free(mount);
        at += strcspn(at, "\n");
    }
    json_close();
}

static void put_disk(const struct disks *disks, const struct disk_node *disk, const char *why)
{
    json_open(NULL);
    put_node(disk);
    put_text("model", disk->model);
    put_text("serial", disk->serial);
    put_text("transport", disk->transport);
    put_text("file", disk->backing);
    json_truth("removable", disk->is_removable);
    json_truth("read_only", disk->is_read_only);
    json_number("sector_bytes", disk->sector_bytes);
    json_truth("writable", why == NULL);
    json_text("why_not", why);
    json_open_list("inside");
    for (size_t i = 0; i < disks->count; i++) {
        const struct disk_node *const node = &disks->nodes[i];
        if (strcmp(node->name, disk->name) == 0 || !disks_is_first(disks, node) ||
            !disks_is_below(disks, node, disk))
            continue;
        json_open(NULL);
        put_node(node);
        json_close();
    }
    json_close();
    json_close();
}

/* The bytes a disk must have: those of the image, if there is one. */
static uint64_t image_bytes(const char *path)
{
    struct stat status;

    return path != NULL && stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
}

int list_run(const struct request *request)
{
    const uint64_t least = image_bytes(request->image);
    char why[JUDGE_TEXT_BYTES];
    struct disks disks;

    if (!disks_read(&disks))
        return EXIT_FAILURE;
    if (request->json) {
        json_open(NULL);
        json_open_list("disks");
    }
    for (size_t i = 0; i < disks.count; i++) {
        const struct disk_node *const disk = &disks.nodes[i];
        if (!is_listed(disk) || !disks_is_first(&disks, disk))
            continue;
        const bool may = judge_disk(&disks, disk, least, why);
        (request->json ? put_disk : print_disk)(&disks, disk, may ? NULL : why);
    }
    if (request->json) {
        json_close();
        json_close();
    }
    disks_free(&disks);
    return EXIT_SUCCESS;
}
