/* SPDX-License-Identifier: MIT
 *
 * See config_make.h.
 */
#include "tools/image/config_make.h"

#include <stdlib.h>
#include <string.h>

#include "tools/image/host_file.h"
#include "tools/image/judge_file.h"
#include "tools/image/say.h"

static const char kernel_key[] = "kernel ";

/* The usual line, at the start of the text or behind another. */
static char *kernel_line(char *text)
{
    for (char *line = text; line != NULL && *line != '\0'; line++) {
        if (strncmp(line, kernel_key, strlen(kernel_key)) == 0)
            return line;
        line = strchr(line, '\n');
        if (line == NULL)
            break;
    }
    return NULL;
}

void config_begin(struct config_make *made, const char *usual, const char *kernel_path)
{
    const size_t bytes = (size_t)host_file_need(usual);
    char *const text = calloc(1, bytes + 1);

    if (text == NULL)
        fail("no memory left");
    host_file_read(usual, text, bytes);
    made->text = text;
    if (strcmp(kernel_path, KERNEL_USUAL_PATH) == 0)
        return;
    char *const line = kernel_line(text);
    if (line == NULL)
        fail("%s: no line names the kernel", usual);
    made->text = text_make("%.*s%s= %s%s", (int)(line - text), text, kernel_key, kernel_path,
                           line + strcspn(line, "\n"));
    free(text);
}

void config_add(struct config_make *made, const char *key, const char *value)
{
    char *const longer = text_make("%s%s = %s\n", made->text, key, value);

    free(made->text);
    made->text = longer;
}
