# SPDX-License-Identifier: MIT
# tools/debug gdb: GDB at a step of the boot in QEMU. Sourced by tools/debug.
# shellcheck shell=bash

debug_gdb_usage() {
    cat <<EOF
Options of $0 gdb; at its prompt, boot-help lists our own commands:

  --display         show the machine's screen in a window
  --memory SIZE     RAM, e.g. 256M or 2G (256M)
  --cmdline "TEXT"  kernel command line, for this boot only
  --script FILE     run the GDB commands in FILE, then leave
EOF
}

# debug_gdb STEP ARGUMENTS...: a sitting. QEMU ends when GDB does.
debug_gdb() {
    local step=$1 command_line='' command_line_given=no script=''
    # shellcheck disable=SC2034 # tools/lib/qemu.sh makes the machine of these
    memory=256M cpus=1 display=no kvm=no
    shift
    while [ $# -gt 0 ]; do
        case $1 in
        --memory | --cmdline | --script) need_value "$@" ;;
        esac
        case $1 in
        --display) display=yes ;;
        --memory) memory=$2 && shift ;;
        --cmdline) command_line=$2 command_line_given=yes && shift ;;
        --script) script=$2 && shift ;;
        --) shift && break ;;
        *) misused "no such option: $1" ;;
        esac
        shift
    done
    check_memory
    check_command_line "$command_line"
    [ -z "$script" ] || [ -r "$script" ] || misused "--script: $script cannot be read"
    [ "$display" = no ] || need_a_window
    set_up_gdb
    build_target boot

    scratch=$(mktemp -d)
    trap end_gdb_machine EXIT
    if [ "$command_line_given" = yes ]; then
        private_image "$scratch"
        set_command_line "$command_line" "$scratch"
    fi
    start_gdb_machine "$@"
    run_gdb "$step" "$script"
}

# set_up_gdb: QEMU, GDB, and what $display needs.
set_up_gdb() {
    local needs=(build run gdb)
    [ "$display" = no ] || needs+=(display)
    set_up "${needs[@]}"
    gdb -nx -batch -ex 'python import gdb.disassembler' 2>&1 | grep . >/dev/null || return 0
    fail "this GDB has no Python, or is older than version 13"
}

# start_gdb_machine ARGUMENTS...: QEMU before its first instruction. In a process group of its own,
# out of the reach of this terminal's Ctrl-C, which is GDB's.
start_gdb_machine() {
    make_qemu_arguments
    : >"$build/serial.log"
    set -m
    qemu-system-x86_64 "${arguments[@]}" -serial "file:$build/serial.log" -monitor none \
        -S -gdb "unix:$scratch/gdb,server=on,wait=off" "$@" </dev/null &
    set +m
    machine_pid=$!
    say "The machine's serial console goes to build/serial.log:" \
        "tail -f build/serial.log in another terminal, or the word serial at GDB's prompt."
}

# run_gdb STEP SCRIPT: in the project's root, where the debug information's paths lead from.
run_gdb() {
    local -a how=(-x "$root/tools/see/gdb_start.py")
    [ -z "$2" ] || how=(-batch "${how[@]}" -x "$(realpath "$2")")
    (
        cd "$root" || exit
        COLDSTART_BUILD=$build COLDSTART_SCRATCH=$scratch COLDSTART_STEP=$1 \
            COLDSTART_SERIAL=$build/serial.log \
            PYTHONPATH=$root/tools:$root/tests/vm PYTHONDONTWRITEBYTECODE=1 \
            gdb -q -nx "${how[@]}"
    )
}

end_gdb_machine() {
    if [ -n "${machine_pid-}" ] && kill "$machine_pid" 2>/dev/null; then
        wait "$machine_pid" 2>/dev/null || true
    fi
    rm -rf "$scratch"
}
