# SPDX-License-Identifier: MIT
# The Python behind tools/debug and its like: the package tools/see. Sourced after common.sh.
# shellcheck shell=bash

# see_python ARGUMENTS...: Python with the packages `see` and `vmlib`, for this build.
see_python() {
    COLDSTART_BUILD=$build PYTHONPATH=$root/tools:$root/tests/vm PYTHONDONTWRITEBYTECODE=1 \
        /usr/bin/python3 "$@"
}
