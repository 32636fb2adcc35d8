/* SPDX-License-Identifier: MIT
 *
 * Where this program finds what belongs to it: in the build folder it was built in, or
 * in share/coldstart of the prefix it is installed under.
 */
#pragma once

/* The path of such a file; NULL: in neither place. The caller frees it. */
char *place_look(const char *name);

/* The same; none ends the program with a sentence that names `option` (may be NULL). */
char *place_find(const char *name, const char *option);
