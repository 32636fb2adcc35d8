/* SPDX-License-Identifier: MIT
 *
 * The words of a plugin's command line, KEY=VALUE each.
 */
#pragma once

#include <stdbool.h>

/*
 * Hand each word to `take`, in order. False, with the word on standard error, when one has
 * no value or is not taken.
 *
 * plugin     the name for the message
 * arguments  as QEMU gives them; they are cut at their `=`, and stay the plugin's
 */
bool arguments_read(const char *plugin, int count, char **arguments,
                    bool (*take)(const char *key, const char *value));
