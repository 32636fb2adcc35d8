# SPDX-License-Identifier: MIT
# Boot $image in QEMU: serial console on the terminal, port E9h into a file. Sourced.
# shellcheck shell=bash

# The kernel leaves through port F4h: 10h (success) becomes status 33, 11h (failure) status 35.
qemu_exit_success=33
qemu_exit_failure=35

# make_qemu_arguments: the machine, all but its serial port, as the array `arguments`.
make_qemu_arguments() {
    local accelerator=tcg
    # shellcheck disable=SC2054 # the commas are QEMU's
    arguments=(-machine q35 -m "$memory" -smp "$cpus" -nic none -no-reboot
        -debugcon "file:$build/e9.log"
        -device isa-debug-exit,iobase=0xf4,iosize=4
        -drive "file=${image//,/,,},format=raw,if=ide,snapshot=on")

    if [ "$kvm" = yes ]; then
        [ -w /dev/kvm ] || fail "--kvm: /dev/kvm is not here, or not writable for you"
        accelerator=kvm
    fi
    arguments+=(-accel "$accelerator" -cpu max)
    [ "$display" = yes ] || arguments+=(-display none)
}

# run_qemu ARGUMENTS...: boot; returns 0 when the kernel said success, else QEMU's own status.
run_qemu() {
    local status=0
    make_qemu_arguments
    qemu-system-x86_64 "${arguments[@]}" -serial mon:stdio "$@" || status=$?
    case $status in
    "$qemu_exit_success") return 0 ;;
    "$qemu_exit_failure") return 1 ;;
    *) return "$status" ;;
    esac
}
