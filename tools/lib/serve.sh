# SPDX-License-Identifier: MIT
# The servers of tools/serve: lighttpd, and tgtd for iSCSI, each with a configuration of its own in
# $scratch, run as whoever called. Sourced after common.sh and setup.sh.
# shellcheck shell=bash

# shellcheck disable=SC2034 # also for serve_words.sh
target=iqn.2026-11.coldstart:lab
tgt_instance=1 # of tgtd's control sockets; the socket itself is in $scratch
lighttpd_pid='' tgtd_pid=''
names=()  # what the images are called in URLs
stamps=() # how their files were when they were copied

# set_up_servers NEED...: as set_up. Debian's packages also start their servers, for everybody to
# reach; those that were not here before are stopped again.
set_up_servers() {
    local unit units=()
    command -v lighttpd >/dev/null || units+=(lighttpd)
    command -v tgtd >/dev/null || units+=(tgt)
    set_up "$@"
    command -v systemctl >/dev/null || return 0
    for unit in ${units[@]+"${units[@]}"}; do
        if systemctl is-active --quiet "$unit"; then
            say "Stopping the system's own $unit, which came with the package:" \
                "systemctl disable --now $unit"
            as_root systemctl disable --now "$unit" || say "That failed; it keeps running."
        fi
    done
}

# stamp FILE: what changes when anybody writes to it.
stamp() {
    ls -lLi --time-style=full-iso "$1" 2>/dev/null || ls -lLiT "$1" 2>/dev/null || true
}

# check_image FILE: a disk's sectors, ending the first as a BIOS wants it.
check_image() {
    [ -e "$1" ] || fail "$1: no such file"
    [ -f "$1" ] || fail "$1: not a file"
    [ -r "$1" ] || fail "$1: cannot be read"
    [[ $(basename "$1") =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] ||
        fail "$1: its name goes into an address; letters, digits, dot, - and _ are good for that"
    [ "$(tail -c +511 "$1" | head -c 2 | od -An -tx1 | tr -d ' ')" = 55aa ] ||
        fail "$1: not a disk that a BIOS boots: there is no 55AA at the end of its first sector"
    [ $(($(wc -c <"$1") % 512)) = 0 ] || fail "$1: its length is not a whole number of sectors"
}

# copy_images: what the machines read is a copy, so that who writes to the image while they boot
# does not mix two of them.
copy_images() {
    local file name
    mkdir "$scratch/files"
    for file in "${images[@]}"; do
        check_image "$file"
        name=$(basename "$file")
        [ ! -e "$scratch/files/$name" ] || fail "$file: there are two images called $name"
        stamps+=("$(stamp "$file")")
        cp "$file" "$scratch/files/$name" || fail "$file: could not be copied to $scratch"
        chmod 444 "$scratch/files/$name"
        [ "$(stamp "$file")" = "${stamps[-1]}" ] ||
            fail "$file: it changed while it was copied; try again when nothing writes to it"
        names+=("$name")
    done
}

# server_failed PORT OPTION LOG: why a server did not start, in its own words if they are new.
server_failed() {
    local words
    words=$(tail -n 3 "$3")
    case $words in
    *"in use"*) fail "port $1 of $address is taken by another program; $2 chooses another port" ;;
    *"assign requested"*) fail "$address is not an address of this machine; ip address lists them" ;;
    *ermission*) fail "port $1 is not for everybody to take; $2 chooses one from 1024 on" ;;
    *) fail "the server did not start: $words" ;;
    esac
}

# wait_until PID COMMAND...: until the command succeeds; fails when the process is gone before.
wait_until() {
    local pid=$1
    shift
    until "$@"; do
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.1
    done
}

start_http() {
    [ -z "$log" ] || : >"$log" || fail "$log: cannot be written"
    write_script >"$scratch/files/boot.ipxe"
    cat >"$scratch/lighttpd.conf" <<EOF
server.bind = "$address"
server.port = $port
server.document-root = "$scratch/files"
server.pid-file = "$scratch/lighttpd.pid"
server.modules = ("mod_accesslog")
accesslog.filename = "$scratch/requests"
accesslog.format = "%h %s %B \"%r\" %{Range}i"
mimetype.assign = (".ipxe" => "text/plain", "" => "application/octet-stream")
EOF
    lighttpd -D -f "$scratch/lighttpd.conf" >"$scratch/lighttpd.log" 2>&1 &
    lighttpd_pid=$!
    wait_until "$lighttpd_pid" test -s "$scratch/lighttpd.pid" ||
        server_failed "$port" --port "$scratch/lighttpd.log"
}

tgt() {
    tgtadm -C "$tgt_instance" --lld iscsi "$@" 2>>"$scratch/tgtd.log"
}

# start_iscsi: one target, an image a LUN, all of them read-only. A tgtd that cannot have the port it
# is told takes 3260 of every address instead, so what it has taken is asked.
start_iscsi() {
    local i
    export TGT_IPC_SOCKET=$scratch/tgtd
    ! (: <"/dev/tcp/$address/$iscsi_port") 2>/dev/null ||
        fail "port $iscsi_port of $address is taken by another program; --iscsi-port chooses another"
    tgtd -f -C "$tgt_instance" --iscsi "portal=$address:$iscsi_port" >"$scratch/tgtd.log" 2>&1 &
    tgtd_pid=$!
    if ! wait_until "$tgtd_pid" tgt --mode portal --op show >"$scratch/portal" ||
        [ "$(cat "$scratch/portal")" != "Portal: $address:$iscsi_port,1" ]; then
        server_failed "$iscsi_port" --iscsi-port "$scratch/tgtd.log"
    fi
    tgt --mode target --op new --tid 1 --targetname "$target"
    for i in "${!names[@]}"; do
        tgt --mode logicalunit --op new --tid 1 --lun $((i + 1)) \
            --backing-store "$scratch/files/${names[i]}"
        tgt --mode logicalunit --op update --tid 1 --lun $((i + 1)) --params readonly=1
    done
    tgt --mode target --op bind --tid 1 --initiator-address ALL
}

# watch_over: until Ctrl-C or a server's end; says once when an image is no longer what is served.
watch_over() {
    local i
    while true; do
        sleep 1 &
        wait $! || true
        kill -0 "$lighttpd_pid" 2>/dev/null || fail "lighttpd ended: $(tail -n 1 "$scratch/lighttpd.log")"
        [ -z "$tgtd_pid" ] || kill -0 "$tgtd_pid" 2>/dev/null ||
            fail "tgtd ended: $(tail -n 1 "$scratch/tgtd.log")"
        for i in "${!images[@]}"; do
            if [ -n "${stamps[i]}" ] && [ "$(stamp "${images[i]}")" != "${stamps[i]}" ]; then
                say "${images[i]} has changed. The machines still get the copy made at the start;" \
                    "to serve the new one, Ctrl-C and start again."
                stamps[i]=
            fi
        done
    done
}

# end_serving: both servers, then the folder. tgtd knows no signal but KILL; nothing is lost by it,
# for it never writes.
end_serving() {
    trap '' INT TERM HUP
    [ -z "$lighttpd_pid" ] || kill "$lighttpd_pid" 2>/dev/null || true
    [ -z "$tgtd_pid" ] || kill -KILL "$tgtd_pid" 2>/dev/null || true
    wait 2>/dev/null || true
    if [ -e "$scratch/requests" ]; then
        say_what_was_served
        [ -z "$log" ] || cp "$scratch/requests" "$log"
    fi
    rm -rf "$scratch"
}
