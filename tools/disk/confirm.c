/* SPDX-License-Identifier: MIT
 *
 * See confirm.h. The name is typed, not "yes": a habit answers yes, a name has to
 * be looked at.
 */
#include "tools/disk/confirm.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/disk/contents.h"
#include "tools/disk/interrupt.h"
#include "tools/disk/json.h"
#include "tools/disk/say.h"
#include "tools/disk/size.h"

#define ANSWER_BYTES 256
#define LINE_BYTES   512

static void describe(const struct confirm_subject *subject, char line[LINE_BYTES])
{
    const struct disk_node *const node = subject->node;
    const struct device *const device = subject->device;
    char size[SIZE_TEXT_BYTES];

    size_text(device->bytes, size);
    if (node == NULL)
        snprintf(line, LINE_BYTES, "File %s: %s (%" PRIu64 " bytes)", device->path, size,
                 device->bytes);
    else if (*node->backing != '\0')
        snprintf(line, LINE_BYTES, "Disk %s: the file %s, %s (%" PRIu64 " bytes)", node->path,
                 node->backing, size, device->bytes);
    else
        snprintf(line, LINE_BYTES, "Disk %s: %s, %s%s, %s (%" PRIu64 " bytes)%s%s%s", node->path,
                 *node->model == '\0' ? "no model name" : node->model,
                 *node->serial == '\0' ? "no serial number" : "serial number ", node->serial, size,
                 device->bytes, *node->transport == '\0' ? "" : ", ", node->transport,
                 node->is_removable ? ", removable" : "");
}

static void show_part(const struct contents_part *part)
{
    char size[SIZE_TEXT_BYTES], name[LINE_BYTES];

    size_text(part->bytes, size);
    if (part->number == 0)
        snprintf(name, sizeof(name), "the whole disk");
    else
        snprintf(name, sizeof(name), "partition %d", part->number);
    say("content", "  %s: %s, %s%s%s%s", name, size,
        *part->type == '\0' ? "nothing known" : part->type, *part->label == '\0' ? "" : ", \"",
        part->label, *part->label == '\0' ? "" : "\"");
}

void confirm_show(const struct confirm_subject *subject, const char *lost)
{
    static struct contents contents;
    char line[LINE_BYTES];

    describe(subject, line);
    say("disk", "%s", line);
    contents_read(subject->device, &contents);
    if (*contents.whole.type != '\0')
        show_part(&contents.whole);
    for (size_t i = 0; i < contents.count; i++)
        show_part(&contents.parts[i]);
    if (contents.more != 0)
        say("content", "  and %zu more partitions", contents.more);
    if (*contents.whole.type == '\0' && contents.count == 0)
        say("content", "  no partitions, and no file system that is known");
    say("lost", "%s", lost);
}

static bool check_identity(const struct request *request, const struct confirm_subject *subject)
{
    const bool has_serial = subject->node != NULL && *subject->node->serial != '\0';

    if (strcmp(request->serial, subject->identity) == 0)
        return true;
    return say_refused("--yes %s: %s of %s is %s; nothing was written", request->serial,
                       has_serial ? "the serial number" : "the name", subject->device->path,
                       subject->identity);
}

bool confirm_ask(const struct request *request, const struct confirm_subject *subject)
{
    char answer[ANSWER_BYTES];

    if (request->serial != NULL)
        return check_identity(request, subject);
    if (!isatty(STDIN_FILENO) || say_is_json())
        return say_refused("there is nobody to ask: %s; for a script there is --yes SERIAL; "
                           "nothing was written",
                           say_is_json() ? "--json asks nothing" : "standard input is no terminal");
    printf("To go on, type its name, %s; anything else writes nothing: ", subject->name);
    fflush(stdout);
    if (!interrupt_wait_input(STDIN_FILENO) || fgets(answer, sizeof(answer), stdin) == NULL) {
        putchar('\n');
        return say_refused("no answer; nothing was written");
    }
    answer[strcspn(answer, "\n")] = '\0';
    if (strcmp(answer, subject->name) == 0)
        return true;
    return say_refused("not the name; nothing was written");
}
