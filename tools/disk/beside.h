/* SPDX-License-Identifier: MIT
 *
 * What was built or installed together with this program.
 */
#pragma once

/*
 * The path of NAME: in the build folder two above the program's, else in
 * ../share/coldstart, where an installation has it. Whether it is there is for
 * its user to see. The caller keeps it; NULL: no memory, or /proc is not there.
 */
const char *beside_find(const char *name);
