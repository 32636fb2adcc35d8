# SPDX-License-Identifier: MIT
# What tools/serve writes: the script that iPXE runs, and what a person must know. Sourced after
# serve.sh.
# shellcheck shell=bash

loopback_in_qemu=10.0.2.2 # what QEMU's user network calls the host's 127.0.0.1
menu_ms=10000             # then the first image is taken

# seen_address: how the machines that boot call the server.
seen_address() {
    case $address in
    127.*) echo "$loopback_in_qemu" ;;
    *) echo "$address" ;;
    esac
}

# san NUMBER: where iPXE finds an image.
san() {
    if [ "$by" = http ]; then
        printf 'http://%s:%s/%s\n' "$(seen_address)" "$port" "${names[$1]}"
    else
        printf 'iscsi:%s::%s:%s:%s\n' "$(seen_address)" "$iscsi_port" $(($1 + 1)) "$target"
    fi
}

script_address() {
    printf 'http://%s:%s/boot.ipxe' "$(seen_address)" "$port"
}

# write_script: boot.ipxe. Where an image cannot be opened, iPXE's prompt stays, with the reason
# above it. Without iPXE's own ten retries of each read a machine whose server is gone says so in
# minutes; stage 1 and the loader try again themselves.
write_script() {
    local i
    echo '#!ipxe'
    echo 'set san-retries 0'
    if [ ${#names[@]} -gt 1 ]; then
        echo 'menu Coldstart'
        for i in "${!names[@]}"; do
            echo "item image$i ${names[i]}"
        done
        echo "choose --default image0 --timeout $menu_ms image || goto image0"
        # shellcheck disable=SC2016 # iPXE's variable
        echo 'goto ${image}'
    fi
    for i in "${!names[@]}"; do
        echo ":image$i"
        echo "sanboot $(san "$i") || shell"
    done
}

protocol() {
    case $by in
    http) echo HTTP ;;
    iscsi) echo iSCSI ;;
    esac
}

say_how_to_boot() {
    local i
    say "Serving by $(protocol) from $address. Ctrl-C ends it."
    say
    say "At iPXE's prompt (Ctrl-B while it starts):"
    say "    dhcp"
    for i in "${!names[@]}"; do
        say "    sanboot $(san "$i")"
    done
    say "or the script that does so:"
    say "    chain $(script_address)"
    say
    case $address in
    127.*) say_for_qemu ;;
    *) say_for_lab ;;
    esac
}

say_for_qemu() {
    say "Only this machine reaches $address. QEMU's user network calls it $loopback_in_qemu:"
    say "    qemu-system-x86_64 -m 256 -boot n -serial stdio \\"
    say "        -nic user,model=e1000,bootfile=$(script_address)"
    say "For a lab: --address, one of this machine's own."
}

# Proxy-DHCP (PXE 2.1): dnsmasq only adds to what the lab's DHCP server says, and answers TFTP. iPXE
# wants its script as a boot service; told by dhcp-boot, it waits for ever.
say_for_lab() {
    say "Anybody who reaches $address can read what is served."
    say
    say "For the lab's DHCP, with dnsmasq on this machine beside the lab's own DHCP server"
    say "(/etc/dnsmasq.d/coldstart.conf):"
    say "    port=0"
    say "    dhcp-range=$address,proxy"
    say "    enable-tftp"
    say "    tftp-root=$(tftp_root)"
    say "    dhcp-userclass=set:ipxe,iPXE"
    say "    pxe-service=tag:!ipxe,x86PC,\"iPXE\",undionly.kpxe"
    say "    pxe-service=tag:ipxe,x86PC,\"Coldstart\",$(script_address)"
}

# tftp_root: where the distribution's iPXE lies that a PC's own PXE can load.
tftp_root() {
    local folder
    for folder in /usr/lib/ipxe /usr/share/ipxe; do
        if [ -e "$folder/undionly.kpxe" ]; then
            echo "$folder"
            return
        fi
    done
    echo "(the folder of iPXE's undionly.kpxe)"
}

# A request for a range is one disk read of a machine. tgtd keeps no such list.
say_what_was_served() {
    [ "$by" = http ] || return 0
    awk '$2 == 206 { reads++; bytes += $3; seen[$1] = 1 }
        END { for (one in seen) machines++
            printf "\nEnded. By HTTP: %d reads, %d bytes, from %d addresses.\n",
                reads, bytes, machines }' "$scratch/requests"
}
