/* SPDX-License-Identifier: MIT
 *
 * cmocka with the headers it needs in front of it.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
