# SPDX-License-Identifier: MIT
# A private copy of the image, and edits to its configuration with mtools. The built image itself is
# never touched. Sourced after common.sh.
# shellcheck shell=bash

# Where the boot volume starts in the image: BOOT_PARTITION_LBA of include/boot/disk_layout.h.
volume_offset() {
    awk '$2 == "BOOT_PARTITION_LBA" { lba = $3 } $2 == "SECTOR_BYTES" { bytes = $3 }
        END { print lba * bytes }' "$root/include/boot/disk_layout.h"
}

# private_image FOLDER: copy the image there; $image is the copy from then on.
private_image() {
    cp "$image" "$1/coldstart.img"
    image=$1/coldstart.img
}

# set_command_line TEXT FOLDER: make `cmdline = TEXT` the copy's only cmdline line.
set_command_line() {
    local volume config=$2/coldstart.cfg
    volume=$image@@$(volume_offset)
    export MTOOLS_SKIP_CHECK=1
    mcopy -n -i "$volume" ::/coldstart.cfg "$config.old" ||
        fail "cannot read coldstart.cfg from the image"
    TEXT=$1 awk '/^[ \t]*cmdline[ \t]*=/ { next } { sub(/\r$/, ""); print }
        END { print "cmdline = " ENVIRON["TEXT"] }' "$config.old" >"$config"
    mcopy -o -i "$volume" "$config" ::/coldstart.cfg ||
        fail "cannot write coldstart.cfg into the copy of the image"
}
