/* SPDX-License-Identifier: MIT
 *
 * The folder in which an image is made: beside the place it will have, so that one
 * rename puts it there. Gone with the program, however that ends, a signal included.
 */
#pragma once

#include <stdbool.h>

/* Make the folder for an image that will be `out`. Ends the program when it cannot. */
void work_begin(const char *out);

/* The path of a file in it. The caller frees it. */
char *work_path(const char *name);

/* Has a signal asked the program to end? */
bool work_is_stopped(void);

/* End the program if so; else nothing. */
void work_go_on(void);
