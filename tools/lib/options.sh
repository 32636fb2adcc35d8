# SPDX-License-Identifier: MIT
# What the commands that start a machine ask of their options. Sourced after common.sh.
# shellcheck shell=bash

# check_memory: of $memory, the RAM.
check_memory() {
    [[ $memory =~ ^[1-9][0-9]*[MmGg]?$ ]] || misused "--memory wants a size such as 256M or 2G"
}

# check_command_line TEXT: of the kernel.
check_command_line() {
    [[ $1 != *[[:cntrl:]]* ]] || misused "--cmdline must be one line of text"
}

# need_a_window: stop where there is none to be had.
need_a_window() {
    if [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ] && [ "$(uname)" = Linux ]; then
        fail "--display: there is no screen to show a window on (DISPLAY is not set)"
    fi
}
