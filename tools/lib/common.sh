# SPDX-License-Identifier: MIT
# What every script in tools/ starts with: strictness, the tree's place, messages. Sourced.
# shellcheck shell=bash

set -euo pipefail

# Where the project lies, whatever folder the script was called from.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$root/build
# shellcheck disable=SC2034 # not every script boots it
image=$build/coldstart.img

# System tools such as mkfs.fat are not on every user's path.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

say() {
    printf '%s\n' "$*"
}

# fail MESSAGE...: something outside is not as needed; say what, stop.
fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# misused MESSAGE: the command line is wrong; point at --help, stop with the usual status 2.
misused() {
    printf '%s: %s\nTry: %s --help\n' "$(basename "$0")" "$*" "$0" >&2
    exit 2
}

# need_value OPTION WORDS...: a usage error when nothing follows the option.
need_value() {
    [ $# -ge 2 ] || misused "$1 needs a value"
}
