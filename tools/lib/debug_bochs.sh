# SPDX-License-Identifier: MIT
# tools/debug bochs: Bochs's own debugger at a step of the boot. Sourced by tools/debug.
# shellcheck shell=bash

debug_bochs_usage() {
    cat <<EOF
Options of $0 bochs; at its prompt, help lists the commands:

  --display none    the machine has no screen; the word "screen" prints what it would show (default)
  --display x       its screen is a window
  --display term    its screen is a pseudo-terminal, which another terminal can show; in tmux, a
                    pane does at once
  --screen NAME     show that pseudo-terminal here, and type to the machine; Ctrl-] leaves
  --memory SIZE     RAM, e.g. 256M or 2G (256M)
  --cmdline "TEXT"  kernel command line, for this boot only
EOF
}

# debug_bochs STEP ARGUMENTS...: a sitting.
debug_bochs() {
    local step=$1 command_line='' command_line_given=no
    # shellcheck disable=SC2034 # tools/lib/bochs.sh makes the machine of these
    memory=256M cpus=1 display=none
    shift
    while [ $# -gt 0 ]; do
        case $1 in
        --display | --screen | --memory | --cmdline) need_value "$@" ;;
        --) shift && break ;;
        *) misused "no such option: $1" ;;
        esac
        case $1 in
        --display) display=$2 ;;
        --screen) see_python -m see.terminal_screen "$2" && exit ;;
        --memory) memory=$2 ;;
        --cmdline) command_line=$2 command_line_given=yes ;;
        esac
        shift 2
    done
    check_memory
    check_command_line "$command_line"
    set_up_bochs
    build_target boot

    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    private_image "$scratch"
    [ "$command_line_given" = no ] || set_command_line "$command_line" "$scratch"
    write_bochsrc "$scratch"
    : >"$scratch/serial"
    # The console is read from the serial port; port E9h would say it all again. A machine in a circle
    # of faults would fill the disk with its errors in a few minutes.
    see_python -m see.bochs_talk --step "$step" --console "$scratch/serial" -- \
        -f "$scratch/bochsrc" 'port_e9_hack: enabled=0' 'error: action=ignore' "$@"
}

# set_up_bochs: Bochs, and what $display needs.
set_up_bochs() {
    case $display in
    none) set_up build bochs ;;
    x)
        need_a_window
        set_up build bochs xbochs
        ;;
    term) set_up build bochs tbochs ;;
    *) misused "no such display: $display; there are none, x and term" ;;
    esac
}
