/* SPDX-License-Identifier: MIT
 *
 * forms_tool FORM RAW OUT: form_make, and nothing else of tools/mkimage.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tools/image/forms.h"

int main(int count, char **arguments)
{
    const enum image_form form = count == 4 ? form_find(arguments[1]) : IMAGE_FORMS;

    if (form == IMAGE_FORMS)
        return 2;
    return form_make(form, arguments[2], arguments[3]) ? EXIT_SUCCESS : EXIT_FAILURE;
}
