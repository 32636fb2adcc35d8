/* SPDX-License-Identifier: MIT
 *
 * The command line.
 */
#pragma once

#include "base/compiler.h"
#include "tools/disk/request.h"

#define STATUS_MISUSED 2

/*
 * Read the command line. Does not return after --help (status 0) or when it is
 * wrong (STATUS_MISUSED): then one line and a hint are on standard error.
 */
MUST_CHECK struct request options_read(int count, char **arguments);
