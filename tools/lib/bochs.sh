# SPDX-License-Identifier: MIT
# Boot $image in Bochs, the serial console on the terminal. Sourced.
# shellcheck shell=bash

# bochs_memory SIZE: "256M", "1G" or "256" as the number of MiB Bochs wants.
bochs_memory() {
    case $1 in
    *[Gg]) echo $((${1%[Gg]} * 1024)) ;;
    *) echo "${1%[Mm]}" ;;
    esac
}

# bochs_display: the line for $display: a window, a terminal of its own, or none.
bochs_display() {
    case $display in
    yes | x) echo 'display_library: x' ;;
    term) echo 'display_library: term' ;;
    *) echo 'display_library: rfb, options="timeout=0"' ;;
    esac
}

# write_bochsrc FOLDER: the machine, with everything it writes in FOLDER.
write_bochsrc() {
    cat >"$1/bochsrc" <<EOF
$(bochs_display)
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=$(bochs_vga_bios)
cpu: model=corei7_skylake_x, count=$cpus, ips=50000000, reset_on_triple_fault=0
memory: guest=$(bochs_memory "$memory"), host=$(bochs_memory "$memory")
ata0-master: type=disk, path="$image", mode=flat
boot: disk
com1: enabled=1, mode=file, dev="$1/serial"
port_e9_hack: enabled=1
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
speaker: enabled=0
log: "$build/bochs.log"
panic: action=fatal
error: action=report
info: action=report
EOF
}

bochs_vga_bios() {
    local file
    for file in /usr/share/vgabios/vgabios.bin /usr/share/bochs/VGABIOS-lgpl-latest \
        /usr/share/seabios/vgabios-stdvga.bin; do
        if [ -e "$file" ]; then
            echo "$file"
            return
        fi
    done
    fail "no VGA BIOS found for Bochs"
}

# run_bochs FOLDER ARGUMENTS...: boot with all temporary files in FOLDER.
run_bochs() {
    local folder=$1 status=0 tail_pid
    shift
    write_bochsrc "$folder"
    printf 'c\nq\n' >"$folder/script" # Debian's Bochs has its debugger always
    : >"$folder/serial"
    tail -n +1 -f "$folder/serial" &
    tail_pid=$!
    bochs -q -f "$folder/bochsrc" -rc "$folder/script" "$@" \
        </dev/null >"$folder/debugger" 2>&1 || status=$?
    sleep 0.2 # the last lines of the console
    kill "$tail_pid"
    wait "$tail_pid" 2>/dev/null || true
    # Bochs calls every end an error; the kernel's own power-off is none.
    if grep -q 'Shutdown port: shutdown requested' "$build/bochs.log"; then
        return 0
    fi
    say "Bochs stopped without the kernel's shutdown; see build/bochs.log" >&2
    return "$status"
}
