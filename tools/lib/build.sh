# SPDX-License-Identifier: MIT
# Configure and build. Sourced after common.sh.
# shellcheck shell=bash

# configure: make or refresh build/. A build folder that came from elsewhere (a copied tree) knows
# wrong paths; its CMake cache goes, its products are rebuilt.
configure() {
    local cache=$build/CMakeCache.txt
    if [ -e "$cache" ] && ! grep -Fqx "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
        say "build/ was configured for another folder; configuring afresh."
        rm -rf "$cache" "$build/CMakeFiles"
    fi
    local log
    log=$(mktemp)
    if ! cmake -S "$root" -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "configuring failed; the message is above"
    fi
    rm -f "$log"
}

# build_target TARGET: bring it up to date.
build_target() {
    configure
    cmake --build "$build" --target "$1" || fail "the build failed; the message is above"
}
