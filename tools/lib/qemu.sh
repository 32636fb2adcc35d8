# SPDX-License-Identifier: MIT
# Boot $image in QEMU: serial console on the terminal, port E9h into a file. Sourced.
# shellcheck shell=bash

# The kernel leaves through port F4h: 10h (success) becomes status 33, 11h (failure) status 35.
qemu_exit_success=33
qemu_exit_failure=35
gdb_port=1234

print_gdb_commands() {
    cat <<EOF
The machine stands before its first instruction. In another terminal:
    cd '$root'
    gdb -ex 'set architecture i386:x86-64' -ex 'target remote localhost:$gdb_port' \\
        -ex 'hbreak *0x7c00' -ex continue
and at its prompt, for the loader's C or the kernel's names:
    symbol-file build/stage2.elf
    hbreak loader_main
    continue
    symbol-file build/kernel.elf
    hbreak kernel_main
    continue
The architecture comes before the connection. GDB shows real-mode code wrongly; use these there:
    monitor x/4i 0x7c00
    monitor info registers
EOF
}

# run_qemu ARGUMENTS...: boot; returns 0 when the kernel said success, else QEMU's own status.
run_qemu() {
    local status=0 accelerator=tcg
    # shellcheck disable=SC2054 # the commas are QEMU's
    local -a arguments=(-machine q35 -m "$memory" -smp "$cpus" -nic none -no-reboot
        -serial mon:stdio -debugcon "file:$build/e9.log"
        -device isa-debug-exit,iobase=0xf4,iosize=4
        -drive "file=${image//,/,,},format=raw,if=ide,snapshot=on")

    if [ "$kvm" = yes ]; then
        [ -w /dev/kvm ] || fail "--kvm: /dev/kvm is not here, or not writable for you"
        accelerator=kvm
    fi
    arguments+=(-accel "$accelerator" -cpu max)
    [ "$display" = yes ] || arguments+=(-display none)
    if [ "$gdb" = yes ]; then
        arguments+=(-S -gdb "tcp:localhost:$gdb_port")
        print_gdb_commands
    fi
    qemu-system-x86_64 "${arguments[@]}" "$@" || status=$?
    case $status in
    "$qemu_exit_success") return 0 ;;
    "$qemu_exit_failure") return 1 ;;
    *) return "$status" ;;
    esac
}
