# SPDX-License-Identifier: MIT
# Boot as a recorded machine did: tools/replay makes an option ROM of the record and chooses a
# machine that has the recorded RAM. Sourced.
# shellcheck shell=bash

# replay_record LOG FOLDER: make $memory and $further those of the machine in LOG; the ROM goes into
# FOLDER. What the user gave for the emulator stays last, so it still counts.
replay_record() {
    local parts=$build/tools/replay rom=$2/replay.rom machine model below
    machine=$("$parts/replay" --emulator "$engine" --code "$parts/rom.raw" --output "$rom" "$1") ||
        exit 1
    read -r model memory below <<<"$machine"
    if [ "$engine" = bochs ]; then
        further=("optromimage1: file=\"$rom\", address=0xd0000" ${further[@]+"${further[@]}"})
        return
    fi
    [ "$below" = 0 ] || model+=,max-ram-below-4g=${below}M
    # Linux gives a machine more RAM than there is, as long as it is not used.
    further=(-machine "$model,memory-backend=ram" -option-rom "$rom"
        -object "memory-backend-ram,id=ram,size=${memory}M$(sparse_option)"
        ${further[@]+"${further[@]}"})
}

sparse_option() {
    [ "$(uname)" != Linux ] || echo ,reserve=off
}
