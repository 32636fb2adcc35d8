/* SPDX-License-Identifier: MIT
 *
 * See disks.h. lsblk rather than libblkid and libmount: it is one call that knows
 * transports, serial numbers, every layer (partitions, RAID, LVM, encryption) and
 * what is mounted from each, and it needs no privilege. Its --pairs have one
 * device a line and one escape, \xHH. Spec: lsblk(8); loop: Linux sysfs,
 * Documentation/ABI/testing/sysfs-block-loop.
 */
#define _GNU_SOURCE
#include "tools/disk/disks.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/disk/command.h"
#include "tools/disk/say.h"
#include "tools/disk/text.h"

#define NODES_STEP    32
#define NUMBER_ROOM   32
#define ESCAPE_LENGTH 4 /* \xHH */
#define LAYERS_MAX    16

static const char columns[] = "KNAME,PKNAME,PATH,MAJ:MIN,TYPE,SIZE,RO,RM,LOG-SEC,MODEL,SERIAL,TRAN,"
                              "FSTYPE,LABEL,MOUNTPOINTS";

/* Undo the escapes, in place; a model or a serial number may be padded with blanks. */
static void unescape(char *text, bool keep_lines)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; to++) {
        unsigned byte;
        if (sscanf(from, "\\x%2x", &byte) == 1) {
            from += ESCAPE_LENGTH;
            *to = (char)byte;
        } else {
            *to = *from++;
        }
    }
    while (to > text && to[-1] == ' ')
        to--;
    *to = '\0';
    text_clean(text, keep_lines);
}

static void take(struct disk_node *node, const char *key, const char *value)
{
    const struct {
        const char *key;
        const char **text;
    } texts[] = {
        { "KNAME", &node->name },     { "PKNAME", &node->parent },
        { "PATH", &node->path },      { "MAJ:MIN", &node->number },
        { "MAJ_MIN", &node->number }, { "TYPE", &node->type },
        { "MODEL", &node->model },    { "SERIAL", &node->serial },
        { "TRAN", &node->transport }, { "FSTYPE", &node->file_system },
        { "LABEL", &node->label },    { "MOUNTPOINTS", &node->mounts },
    };

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
        if (strcmp(key, texts[i].key) == 0)
            *texts[i].text = value;
    if (strcmp(key, "SIZE") == 0)
        node->bytes = strtoull(value, NULL, 10);
    else if (strcmp(key, "LOG-SEC") == 0 || strcmp(key, "LOG_SEC") == 0)
        node->sector_bytes = (uint32_t)strtoul(value, NULL, 10);
    else if (strcmp(key, "RO") == 0)
        node->is_read_only = strcmp(value, "1") == 0;
    else if (strcmp(key, "RM") == 0)
        node->is_removable = strcmp(value, "1") == 0;
}

/* KEY="VALUE" after KEY="VALUE"; a quote inside a value is escaped, so the next quote ends it. */
static void read_line(char *line, struct disk_node *node)
{
    *node =
        (struct disk_node){ "", "", "", "", "", "", "", "", "", "", "", "", 0, 0, false, false };
    while (*(line += strspn(line, " ")) != '\0') {
        char *const value = strstr(line, "=\"");
        char *const end = value == NULL ? NULL : strchr(value + 2, '"');
        if (end == NULL)
            return;
        *value = *end = '\0';
        unescape(value + 2, strcmp(line, "MOUNTPOINTS") == 0);
        take(node, line, value + 2);
        line = end + 1;
    }
}

/* The file behind a loop device; "" for all others. The text is kept until the program ends. */
static const char *backing_file(const char *name)
{
    char path[PATH_MAX];
    char *line = NULL;
    size_t room = 0;

    snprintf(path, sizeof(path), "/sys/block/%s/loop/backing_file", name);
    FILE *const file = fopen(path, "r");
    if (file == NULL)
        return "";
    const ssize_t length = getline(&line, &room, file);
    fclose(file);
    if (length <= 0)
        return "";
    line[strcspn(line, "\n")] = '\0';
    text_clean(line, false);
    return line;
}

static bool add_node(struct disks *disks, char *line)
{
    if (disks->count % NODES_STEP == 0) {
        const size_t room = disks->count + NODES_STEP;
        struct disk_node *const more = realloc(disks->nodes, room * sizeof(*more));
        if (more == NULL)
            return false;
        disks->nodes = more;
    }
    struct disk_node *const node = &disks->nodes[disks->count++];
    read_line(line, node);
    if (strcmp(node->type, "loop") == 0)
        node->backing = backing_file(node->name);
    return true;
}

bool disks_read(struct disks *disks)
{
    char *arguments[] = {
        "lsblk", "--all", "--bytes", "--pairs", "--output", (char *)columns, NULL
    };
    char *rest, *line;

    *disks = (struct disks){ NULL, 0, NULL };
    if (!command_read(arguments, &disks->text))
        return say_refused(
            "the disks cannot be listed: lsblk of util-linux 2.37 or later is needed");
    for (rest = disks->text; (line = strsep(&rest, "\n")) != NULL;)
        if (*line != '\0' && !add_node(disks, line)) {
            disks_free(disks);
            return say_refused("the disks cannot be listed: no memory left");
        }
    return true;
}

void disks_free(struct disks *disks)
{
    free(disks->nodes);
    free(disks->text);
    *disks = (struct disks){ NULL, 0, NULL };
}

const struct disk_node *disks_find(const struct disks *disks, unsigned major, unsigned minor)
{
    char number[NUMBER_ROOM];

    snprintf(number, sizeof(number), "%u:%u", major, minor);
    for (size_t i = 0; i < disks->count; i++)
        if (strcmp(disks->nodes[i].number, number) == 0)
            return &disks->nodes[i];
    return NULL;
}

bool disks_is_first(const struct disks *disks, const struct disk_node *node)
{
    const struct disk_node *first = disks->nodes;

    while (strcmp(first->name, node->name) != 0)
        first++;
    return first == node;
}

/* Layers end the search if lsblk should ever tell of a circle. */
static bool is_below(const struct disks *disks, const char *name, const char *above,
                     unsigned layers)
{
    if (strcmp(name, above) == 0)
        return true;
    if (layers == 0)
        return false;
    for (size_t i = 0; i < disks->count; i++)
        if (strcmp(disks->nodes[i].name, name) == 0 && *disks->nodes[i].parent != '\0' &&
            is_below(disks, disks->nodes[i].parent, above, layers - 1))
            return true;
    return false;
}

bool disks_is_below(const struct disks *disks, const struct disk_node *node,
                    const struct disk_node *above)
{
    return is_below(disks, node->name, above->name, LAYERS_MAX);
}
