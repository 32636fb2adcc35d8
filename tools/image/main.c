/* SPDX-License-Identifier: MIT
 *
 * coldstart-mkimage: make a disk image that boots a kernel, or tell what the loader would
 * say of one. Needs no privilege: mkfs.fat and mtools work on a plain file. The same
 * inputs give the same bytes.
 */
#include "tools/image/explain.h"
#include "tools/image/make.h"
#include "tools/image/programs.h"

int main(int count, char **arguments)
{
    const struct options options = options_read(count, arguments);

    programs_set_environment();
    if (options.check != NULL)
        return explain(options.check, options.json);
    return image_make(&options);
}
